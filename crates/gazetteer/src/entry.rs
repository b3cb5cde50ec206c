//! How the look-up tables point into the gazetteer.

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A state or territory by its name; index of [`crate::Country`].
    Country,
    /// An adjective or a noun of nationality; index of [`crate::Demonym`].
    Demonym,
    /// A city; index of [`crate::City`].
    City,
    /// A state of a federation, a province, an island, a region; index of [`crate::Region`].
    Region,
    /// A person; index of [`crate::Person`].
    Person,
    /// An organisation; index of [`crate::Organisation`].
    Organisation,
    /// A building, square or seat of government; index of [`crate::Venue`].
    Venue,
    /// A recurring event; index of [`crate::Event`].
    Event,
    /// A title of office as printed; index of [`crate::Title`].
    Title,
}

/// Points at one entry: its kind and its index among the entries of that kind. Valid for the gazetteer that gave it only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryRef {
    /// The kind.
    pub kind: Kind,
    /// The index within the kind.
    pub index: u32,
}

/// How a name must be printed to count as this entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Case {
    /// As it comes: titles of office.
    Any,
    /// With a capital at its first word (or a word of a headline in capitals).
    Capitalised,
    /// In capitals or with full stops: `US` and `U.S.` are the country, `us` is not.
    Upper,
}

/// One name of one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase<'a> {
    /// The folded tokens, one blank between them.
    pub folded: &'a str,
    /// What it stands for.
    pub entry: EntryRef,
    /// How it must be printed.
    pub case: Case,
}
