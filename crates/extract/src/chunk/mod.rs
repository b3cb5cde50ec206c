//! Chunks: a sentence as a row of persons, places, dates, verb groups, noun groups and marks, one symbol each.

mod head;
mod name;
mod noun;
mod phrase;
mod run;
mod verb;
mod word;

use dateline_gazetteer::RoleId;

use crate::lexicon::{AdjKind, Chain, Form, GroupClass, Sym};
use crate::time::TimeExpr;

pub(crate) use run::Chunker;
pub(crate) use word::WordClass;

/// A range of tokens.
pub(crate) type Tokens = (u32, u32);

/// A pronoun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pronoun {
    He,
    She,
    It,
    They,
    We,
}

/// What stands in front of a noun to say whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Pronoun(Pronoun),
    /// Index of the chunk that carries the possessive.
    Chunk(usize),
}

/// A person, named or described by office.
#[derive(Debug, Clone, Default)]
pub(crate) struct PersonNp {
    pub name: Option<Tokens>,
    /// People of the gazetteer that the name can be.
    pub candidates: Vec<u32>,
    pub role: Option<RoleId>,
    pub role_span: Option<Tokens>,
    /// "leader", "chief": the office is not said.
    pub leader: bool,
    /// Index of a country in the gazetteer.
    pub country: Option<u32>,
    pub country_span: Option<Tokens>,
    pub organisation: Option<u32>,
    pub former: bool,
    pub deputy: bool,
    pub visiting: bool,
    /// Only a run of capitals says that it is a person.
    pub weak: bool,
    /// "another", "a": nobody in particular.
    pub indefinite: bool,
    /// Somebody of the text by pronoun: "his foreign minister".
    pub owner: Option<Pronoun>,
}

/// A body of people.
#[derive(Debug, Clone)]
pub(crate) struct GroupNp {
    pub class: GroupClass,
    pub country: Option<u32>,
    pub country_span: Option<Tokens>,
    pub organisation: Option<u32>,
    /// The office that its members hold: "the foreign ministers".
    pub role: Option<RoleId>,
    /// "The leaders".
    pub leaders: bool,
    pub count: Option<u32>,
    /// Without determiner and numeral.
    pub name: Tokens,
    pub visiting: bool,
    pub source: bool,
}

/// One place; what it can mean is decided with the context.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PlaceNp {
    Country(u32),
    Cities(Vec<u32>),
    Region(u32),
    Venue(u32),
    /// "the capital", "the Chinese capital".
    Capital(Option<u32>),
    /// "here", "the country".
    Here,
}

/// A noun that rules know, with what stands before it.
#[derive(Debug, Clone, Default)]
pub(crate) struct NounNp {
    pub owner: Option<Owner>,
    pub kinds: Vec<(AdjKind, Tokens)>,
    pub ordinal: Option<(u32, Tokens)>,
    /// Indices of time expressions inside.
    pub times: Vec<usize>,
    pub places: Vec<(PlaceNp, Tokens)>,
    pub countries: Vec<(u32, Tokens)>,
    pub event: Option<u32>,
    pub definite: bool,
    /// "town", "city", "port": the place follows.
    pub town: bool,
    pub head: Tokens,
    /// From the first word after the determiner.
    pub name: Tokens,
}

/// When and how a verb group says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tense {
    Past,
    Present,
    Progressive,
    Perfect,
    Future,
    Conditional,
    Possible,
    None,
}

/// A verb with its auxiliaries and what chains to it.
#[derive(Debug, Clone)]
pub(crate) struct VerbGroup {
    /// Symbols of the readings of the main verb.
    pub syms: Vec<Sym>,
    pub form: Form,
    pub tense: Tense,
    pub finite: bool,
    pub infinitive: bool,
    pub passive: bool,
    pub negated: bool,
    pub hedged: bool,
    /// Negated, of what was planned before: "will no longer".
    pub dropped: bool,
    /// "had been due to leave", "was to have left": a plan that was changed.
    pub unmade: bool,
    pub chain: Vec<(Chain, bool)>,
}

/// What a chunk is.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Person(Box<PersonNp>),
    Group(Box<GroupNp>),
    Place(PlaceNp),
    /// Index of an organisation.
    Org(u32),
    /// Index of a time expression.
    Time(usize),
    Noun(Box<NounNp>),
    Verb(Box<VerbGroup>),
    Pronoun(Pronoun),
    /// A source of statements without a name.
    Source,
    Mark,
}

/// A chunk: a range of tokens, its symbol, its meaning.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    pub tokens: Tokens,
    pub sym: Sym,
    pub kind: Kind,
}

/// The chunks of one sentence and its time expressions.
#[derive(Debug, Default)]
pub(crate) struct SentenceChunks {
    pub chunks: Vec<Chunk>,
    pub times: Vec<TimeExpr>,
}
