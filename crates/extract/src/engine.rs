//! The engine: gazetteer, lexicon and rules, compiled once.

use dateline_gazetteer::{EventClass, Gazetteer};

use crate::calibration::Calibration;
use crate::files::{RuleFiles, Sources};
use crate::lexicon::{Lexicon, Sym};
use crate::rules::{Rule, Rules};
use crate::vocabulary::Vocabulary;
use crate::words::Words;
use crate::{LoadError, Stage, builtin};

/// Rules and gazetteer, compiled: cheap to share between threads, made once.
pub struct Engine {
    pub(crate) gazetteer: Gazetteer,
    pub(crate) lexicon: Lexicon,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) symbols: Symbols,
    pub(crate) rules: Rules,
    pub(crate) words: Words,
    pub(crate) calibration: Calibration,
    version: String,
    without: Vec<Stage>,
}

/// Symbols that code asks for by itself.
pub(crate) struct Symbols {
    pub other_verb: Sym,
    pub be_verb: Sym,
    pub have_verb: Sym,
    pub and: Sym,
    pub but: Sym,
    pub that: Sym,
    pub of: Sym,
    pub by: Sym,
    pub from: Sym,
    pub when: Sym,
    pub r#where: Sym,
    pub relative: Vec<Sym>,
    pub place_prepositions: Vec<Sym>,
    pub conjunctions: Vec<Sym>,
    pub subordinate: Vec<Sym>,
    pub summit_noun: Sym,
    pub ceremony_noun: Sym,
    pub visit_noun: Sym,
    pub lead_verb: Sym,
    pub senders: Vec<Sym>,
    pub due_verb: Sym,
    pub among: Vec<Sym>,
    pub according: Sym,
    pub since: Sym,
    pub after: Sym,
    pub before: Sym,
    pub inside: Vec<Sym>,
    pub settings: Vec<Sym>,
    pub object_prepositions: Vec<Sym>,
    speakers: Vec<Sym>,
}

impl Symbols {
    fn new(lexicon: &Lexicon) -> Result<Self, LoadError> {
        let get = |name: &str| {
            lexicon.symbol(name).ok_or_else(|| LoadError::Rules {
                file: builtin::LEXICON.0.to_owned(),
                problem: format!("{name} is missing"),
            })
        };
        let all = |names: &[&str]| names.iter().map(|n| get(n)).collect::<Result<Vec<_>, _>>();
        Ok(Self {
            other_verb: get("other.v")?,
            be_verb: get("be.v")?,
            have_verb: get("have.v")?,
            and: get("and")?,
            but: get("but")?,
            that: get("that")?,
            of: get("of")?,
            by: get("by")?,
            from: get("from")?,
            when: get("when")?,
            r#where: get("where")?,
            relative: all(&["who", "which", "that"])?,
            place_prepositions: all(&["to", "in", "into", "at", "from", "for"])?,
            conjunctions: all(&["and", "but", "or"])?,
            subordinate: all(&["while", "when", "if", "because", "as", "after", "before", "since", "until"])?,
            summit_noun: get("summit.n")?,
            ceremony_noun: get("ceremony.n")?,
            visit_noun: get("visit.n")?,
            lead_verb: get("lead.v")?,
            senders: all(&["deploy.v", "cancel.v", "postpone.v"])?,
            due_verb: get("due.v")?,
            among: all(&["between", "include"])?,
            according: get("according")?,
            since: get("since")?,
            after: get("after")?,
            before: get("before")?,
            inside: all(&["in", "at"])?,
            settings: all(&["during", "after", "before", "on", "for", "in", "at", "from"])?,
            object_prepositions: all(&["with", "by", "of", "to", "from", "and", "for"])?,
            speakers: all(&["say.v", "warn.v", "announce.v", "deny.v", "condemn.v"])?,
        })
    }
}

impl Engine {
    /// The engine over the rules and the gazetteer that the build carries.
    pub fn builtin() -> Result<Self, LoadError> {
        Self::load(&Sources::default())
    }

    /// The same with an operator's rules and gazetteer entries on top.
    pub fn load(sources: &Sources) -> Result<Self, LoadError> {
        let files = RuleFiles::read(sources)?;
        let gazetteer = match &sources.gazetteer_dir {
            Some(dir) => Gazetteer::load_with_extra(dir),
            None => Gazetteer::load(),
        };
        let gazetteer = gazetteer.map_err(|e| LoadError::Gazetteer(e.to_string()))?;
        let lexicon = Lexicon::parse(&files.lexicon)?;
        let vocabulary = Vocabulary::new(&gazetteer, &lexicon);
        let symbols = Symbols::new(&lexicon)?;
        let rules = Rules::parse(&files.rules, &lexicon)?;
        let words = Words::load()?;
        let version = builtin::version(files.texts());
        let calibration = Calibration::builtin()?;
        Ok(Self { gazetteer, lexicon, vocabulary, symbols, rules, words, calibration, version, without: vec![] })
    }

    /// Leaves a rule or a [`Stage`] out, so that one sees what it gains. False where there is none of that name.
    pub fn leave_out(&mut self, name: &str) -> bool {
        if let Some(stage) = Stage::ALL.into_iter().find(|s| s.as_str() == name) {
            self.without.push(stage);
            return true;
        }
        self.rules.leave_out(name)
    }

    /// False for a stage that was left out.
    pub(crate) fn runs(&self, stage: Stage) -> bool {
        !self.without.contains(&stage)
    }

    /// Names of all rules.
    pub fn rule_names(&self) -> impl Iterator<Item = &str> {
        self.rules.list.iter().map(|r| r.name.as_str())
    }

    /// Version of the rules: 12 hexadecimal digits over all rule files.
    pub fn rules_version(&self) -> &str {
        &self.version
    }

    /// Version of the gazetteer.
    pub fn gazetteer_version(&self) -> &str {
        self.gazetteer.version()
    }

    /// The symbol that a recurring event has as a noun.
    pub(crate) fn event_symbol(&self, event: u32) -> Sym {
        match self.gazetteer.event(event).class {
            EventClass::Ceremony => self.symbols.ceremony_noun,
            EventClass::Summit | EventClass::Conference | EventClass::Assembly => self.symbols.summit_noun,
        }
    }

    /// True for a verb of saying.
    pub(crate) fn speaks(&self, s: Sym) -> bool {
        self.symbols.speakers.contains(&s)
    }

    /// The rule of a number.
    pub(crate) fn rule(&self, index: usize) -> &Rule {
        &self.rules.list[index]
    }
}
