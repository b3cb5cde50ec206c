//! What the phrases at a token are, as bits: most questions about a word are one test.

use dateline_gazetteer::Kind;

use crate::lexicon::Lex;
use crate::vocabulary::Entry;

/// A name of the gazetteer begins here.
pub(crate) const NAME: u32 = 1;
/// A name of two words or more.
pub(crate) const LONG_NAME: u32 = 1 << 1;
pub(crate) const PERSON: u32 = 1 << 2;
pub(crate) const COUNTRY: u32 = 1 << 3;
pub(crate) const DEMONYM: u32 = 1 << 4;
pub(crate) const TITLE: u32 = 1 << 5;
pub(crate) const ORGANISATION: u32 = 1 << 6;
pub(crate) const EVENT: u32 = 1 << 7;

/// A verb, a noun, ... of the lexicon begins here, of one word or more.
pub(crate) const VERB: u32 = 1 << 8;
pub(crate) const NOUN: u32 = 1 << 9;
pub(crate) const GROUP: u32 = 1 << 10;
pub(crate) const WORD: u32 = 1 << 11;
pub(crate) const AREA: u32 = 1 << 12;

/// The token by itself can be a verb, a noun, ...
pub(crate) const ONE_VERB: u32 = 1 << 13;
pub(crate) const ONE_NOUN: u32 = 1 << 14;
pub(crate) const ONE_GROUP: u32 = 1 << 15;
pub(crate) const ONE_WORD: u32 = 1 << 16;
pub(crate) const ONE_ADJECTIVE: u32 = 1 << 17;
pub(crate) const ONE_SOURCE: u32 = 1 << 18;
pub(crate) const ONE_LEADER: u32 = 1 << 19;
pub(crate) const ONE_ADVERB: u32 = 1 << 20;
pub(crate) const ONE_HEDGE: u32 = 1 << 21;
pub(crate) const ONE_CHAIN: u32 = 1 << 22;
pub(crate) const ONE_SPORT: u32 = 1 << 23;
/// The token by itself is in the lexicon.
pub(crate) const ONE: u32 = 1 << 24;

/// The marks that a phrase of so many tokens gives its first one.
pub(crate) fn of(entry: Entry, tokens: u32) -> u32 {
    match entry {
        Entry::Gaz(e, _) => {
            let kind = match e.kind {
                Kind::Person => PERSON,
                Kind::Country => COUNTRY,
                Kind::Demonym => DEMONYM,
                Kind::Title => TITLE,
                Kind::Organisation => ORGANISATION,
                Kind::Event => EVENT,
                Kind::City | Kind::Region | Kind::Venue => 0,
            };
            NAME | kind | if tokens > 1 { LONG_NAME } else { 0 }
        }
        Entry::Lex(lex) => {
            let (any, one) = match lex {
                Lex::Verb { .. } => (VERB, ONE_VERB),
                Lex::Noun { .. } => (NOUN, ONE_NOUN),
                Lex::Group(_) => (GROUP, ONE_GROUP),
                Lex::Word(_) => (WORD, ONE_WORD),
                Lex::Area => (AREA, 0),
                Lex::Adj(_) => (0, ONE_ADJECTIVE),
                Lex::Source => (0, ONE_SOURCE),
                Lex::Leader => (0, ONE_LEADER),
                Lex::Adverb => (0, ONE_ADVERB),
                Lex::Hedge => (0, ONE_HEDGE),
                Lex::ChainWord(_) => (0, ONE_CHAIN),
                Lex::Sport => (0, ONE_SPORT),
            };
            any | if tokens == 1 { one | ONE } else { 0 }
        }
    }
}
