//! Words that the reading of events asks for, from `config/rules/events/words.toml`.

use serde::Deserialize;

use crate::{LoadError, builtin};

/// Lists of words in small letters.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    /// Adjectives that say how a visit or an event stands.
    pub rumored: Vec<String>,
    pub planned: Vec<String>,
    pub planned_visit: Vec<String>,
    pub planned_event: Vec<String>,
    pub past_visit: Vec<String>,
    pub cancelled: Vec<String>,
    pub postponed: Vec<String>,
    /// Bodies that are nobody's by themselves.
    pub nameless: Vec<String>,
    /// Heads of bodies of people that a body stands for by itself.
    pub people: Vec<String>,
    /// Heads behind a country's adjective that do not stand for it.
    pub private: Vec<String>,
    /// Beginnings of verbs of saying that report figures or thoughts.
    pub reports: Vec<String>,
    /// Speakers whose saying is no event.
    pub reporters: Vec<String>,
    /// Statements that are texts.
    pub texts: Vec<String>,
    /// Texts that become law at home.
    pub laws: Vec<String>,
    /// Gatherings that may be races or markets where nobody protests.
    pub races: Vec<String>,
    /// Words beside which they are.
    pub markets: Vec<String>,
    /// Words before "attack" or "strike" that make it no armed one.
    pub bloodless: Vec<String>,
    /// Words beside "strike" that make it one of workers.
    pub labour: Vec<String>,
    /// Workers whom the state employs.
    pub public: Vec<String>,
    /// Ceremonies without a name of their own.
    pub ceremonies: Vec<String>,
    /// Meetings that may be the summit itself.
    pub sessions: Vec<String>,
    /// Where a guest is greeted who has not talked yet.
    pub runways: Vec<String>,
    /// What is put under a treaty.
    pub signatures: Vec<String>,
    /// Beginnings of verbs that say what somebody will do.
    pub vows: Vec<String>,
    /// Verbs whose past is like their present.
    pub unchanged: Vec<String>,
    /// Whom a visitor meets, by office alone.
    pub locals: Vec<String>,
    /// Who protests whatever they do.
    pub crowds: Vec<String>,
    /// Buildings and bodies that are called after a place.
    pub houses: Vec<String>,
    /// What a place is called in front of its name.
    pub towns: Vec<String>,
    /// Texts in which something is said beside the news.
    pub asides: Vec<String>,
    /// Words of which two in the lead make a text one of games.
    pub games: Vec<String>,
}

impl Words {
    /// The lists that the build carries.
    pub(crate) fn load() -> Result<Self, LoadError> {
        let (file, text) = builtin::EVENT_WORDS;
        toml::from_str(text).map_err(|e| LoadError::Rules { file: file.to_owned(), problem: e.message().to_owned() })
    }
}

/// True where a word of a text stands in a list.
pub(crate) fn among(list: &[String], word: &str) -> bool {
    list.iter().any(|w| w == word)
}

/// True where a word of the list stands among the words of a phrase in small letters.
pub(crate) fn holds(list: &[String], phrase: &str) -> bool {
    phrase.split(|c: char| !(c.is_alphanumeric() || c == '\'')).any(|w| among(list, w.trim_end_matches("'s")))
        || list.iter().any(|w| w.contains(' ') && phrase.contains(w.as_str()))
}
