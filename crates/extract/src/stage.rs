//! Stages of extraction that can be left out, so that one sees what each gains.

/// A stage that extraction can do without. What finds frames, entities and clauses is none: without it there is nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Reading the headline.
    Title,
    /// Visits whose place no clause names, but the text does.
    Grounded,
    /// "The trip", "his four-day visit": what nouns that point back add.
    PointBack,
    /// What frames without a destination ("put off the visit") change.
    Pointers,
    /// Arrivals and departures told elsewhere that date a visit.
    Moves,
    /// Days of the summit or feast that a visit is made for.
    Occasion,
    /// Status and dates by the calendar.
    Settle,
    /// Who says so.
    Sources,
    /// What visits are for.
    Purposes,
    /// Hosts and cities that other sentences name.
    Surroundings,
    /// Who comes along.
    Delegations,
    /// What is talked about.
    Topics,
}

impl Stage {
    /// All, in the order in which they run.
    pub const ALL: [Self; 12] = [
        Self::Title,
        Self::Grounded,
        Self::PointBack,
        Self::Pointers,
        Self::Moves,
        Self::Occasion,
        Self::Settle,
        Self::Sources,
        Self::Purposes,
        Self::Surroundings,
        Self::Delegations,
        Self::Topics,
    ];

    /// Name in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Grounded => "grounded",
            Self::PointBack => "point_back",
            Self::Pointers => "pointers",
            Self::Moves => "moves",
            Self::Occasion => "occasion",
            Self::Settle => "settle",
            Self::Sources => "sources",
            Self::Purposes => "purposes",
            Self::Surroundings => "surroundings",
            Self::Delegations => "delegations",
            Self::Topics => "topics",
        }
    }
}

/// A step of extraction, for those who measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Telling the language.
    Language,
    /// Tokens, sentences, and what gazetteer and lexicon know of each word.
    Words,
    /// Times and chunks of a sentence.
    Chunks,
    /// Clauses of a sentence.
    Clauses,
    /// Who is who.
    Entities,
    /// Rules over clauses and sentences.
    Rules,
    /// Visits out of what the rules found.
    Visits,
    /// Events out of what the rules found.
    Events,
}

impl Step {
    /// All, in the order in which they run.
    pub const ALL: [Self; 8] = [
        Self::Language,
        Self::Words,
        Self::Chunks,
        Self::Clauses,
        Self::Entities,
        Self::Rules,
        Self::Visits,
        Self::Events,
    ];
}
