//! The words that rules speak of: verbs with all their forms, nouns, groups, function words, each with its symbol.

use std::collections::BTreeMap;

use dateline_gazetteer::fold_name;
use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::LoadError;
use crate::files::RuleFile;

/// A symbol of the rules: one byte a chunk.
pub(crate) type Sym = u8;

/// Form of a verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Base,
    Third,
    Past,
    Participle,
    Ing,
}

/// What a word before "to" and a verb says of that verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Chain {
    Expected,
    Planned,
    Likely,
    Rumored,
    /// What the visitor would like.
    Wished,
    Wanted,
    Refused,
    Started,
}

/// Kind of visit that an adjective states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AdjKind {
    State,
    Official,
    Working,
    Private,
    Plain,
}

/// Class of a body of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupClass {
    Sent,
    Military,
    Civil,
}

/// One reading of a word or phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lex {
    /// A verb: symbol when active (the passive one is the next), lemma, form.
    Verb {
        sym: Sym,
        lemma: u16,
        form: Form,
    },
    /// An adjective that chains ("due", "set", "likely").
    ChainWord(Chain),
    Noun {
        sym: Sym,
    },
    Group(GroupClass),
    Source,
    Adj(AdjKind),
    Word(Sym),
    Adverb,
    Hedge,
    Leader,
    /// A part of the world that is no country: "Scandinavia".
    Area,
    /// A word of sports.
    Sport,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    verbs: BTreeMap<String, Vec<String>>,
    irregular: BTreeMap<String, [String; 4]>,
    spellings: BTreeMap<String, (String, String)>,
    chains: BTreeMap<String, Vec<String>>,
    nouns: BTreeMap<String, Vec<String>>,
    groups: BTreeMap<String, Vec<String>>,
    speakers: Sources,
    adjectives: BTreeMap<String, Vec<String>>,
    roles_generic: BTreeMap<String, Vec<String>>,
    words: BTreeMap<String, Vec<String>>,
    adverbs: BTreeMap<String, Vec<String>>,
    hedges: WordList,
    areas: WordList,
    sports: WordList,
}

#[derive(Default, Deserialize)]
struct Sources {
    sources: Vec<String>,
}

#[derive(Default, Deserialize)]
struct WordList {
    words: Vec<String>,
}

/// The lexicon: phrases with their readings, the symbols by name, the chains by lemma.
pub(crate) struct Lexicon {
    /// Folded phrase and one reading; a phrase may stand several times.
    pub phrases: Vec<(Vec<String>, Lex)>,
    symbols: FxHashMap<String, Sym>,
    /// Names of the symbols.
    names: Vec<String>,
    chain_of: FxHashMap<u16, Chain>,
    lemmas: Vec<String>,
}

/// Symbols that chunks have beside those of the lexicon.
pub(crate) mod sym {
    use super::Sym;
    pub(crate) const PERSON: Sym = 1;
    pub(crate) const GROUP: Sym = 2;
    pub(crate) const PLACE: Sym = 3;
    pub(crate) const ORG: Sym = 4;
    pub(crate) const DATE: Sym = 5;
    pub(crate) const DURATION: Sym = 6;
    pub(crate) const PRONOUN: Sym = 7;
    pub(crate) const POSSESSIVE: Sym = 8;
    pub(crate) const COMMA: Sym = 9;
    pub(crate) const QUOTE: Sym = 10;
    pub(crate) const OPEN: Sym = 11;
    pub(crate) const CLOSE: Sym = 12;
    pub(crate) const DASH: Sym = 13;
    pub(crate) const STOP: Sym = 14;
    pub(crate) const ADVERB: Sym = 15;
    pub(crate) const THING: Sym = 16;
    pub(crate) const OTHER: Sym = 17;
    pub(crate) const SOURCE: Sym = 18;
    /// A person or body of people called "visiting".
    pub(crate) const VISITOR: Sym = 19;
    /// A part of the world: a destination that is no country.
    pub(crate) const AREA: Sym = 20;
    pub(crate) const NAMES: [(&str, Sym); 20] = [
        ("PERSON", PERSON),
        ("GROUP", GROUP),
        ("PLACE", PLACE),
        ("ORG", ORG),
        ("DATE", DATE),
        ("DURATION", DURATION),
        ("PRONOUN", PRONOUN),
        ("POSSESSIVE", POSSESSIVE),
        ("COMMA", COMMA),
        ("QUOTE", QUOTE),
        ("OPEN", OPEN),
        ("CLOSE", CLOSE),
        ("DASH", DASH),
        ("STOP", STOP),
        ("ADVERB", ADVERB),
        ("THING", THING),
        ("OTHER", OTHER),
        ("SOURCE", SOURCE),
        ("VISITOR", VISITOR),
        ("AREA", AREA),
    ];
    pub(crate) const FIRST_FREE: Sym = 21;
}

impl Lexicon {
    /// Reads the lexicon; later files add to the lists of the first.
    pub(crate) fn parse(files: &[RuleFile]) -> Result<Self, LoadError> {
        let mut all = toml::Table::new();
        for file in files {
            let _: File = toml::from_str(&file.text).map_err(|e| file.toml_error(&e))?;
            add_to(&mut all, file.text.parse().map_err(|e| file.toml_error(&e))?);
        }
        // Each file by itself is right in form; what is wrong with the words is told against the last.
        let error = |problem: String| LoadError::Rules {
            file: files.last().map_or_else(String::new, |f| f.name.clone()),
            problem,
        };
        let read: File = toml::Value::Table(all).try_into().map_err(|e: toml::de::Error| error(e.to_string()))?;
        let mut lexicon = Self {
            phrases: vec![],
            symbols: FxHashMap::default(),
            names: vec![],
            chain_of: FxHashMap::default(),
            lemmas: vec![],
        };
        for (name, s) in sym::NAMES {
            lexicon.symbols.insert(name.to_owned(), s);
        }
        let mut next = sym::FIRST_FREE;
        let mut fresh = |lexicon: &mut Self, name: String| -> Result<Sym, LoadError> {
            let s = next;
            next = next.checked_add(1).ok_or_else(|| error("too many symbols: at most 255".to_owned()))?;
            lexicon.symbols.insert(name, s);
            Ok(s)
        };
        let mut lemma_of: FxHashMap<String, u16> = FxHashMap::default();
        for (class, verbs) in &read.verbs {
            let s = fresh(&mut lexicon, format!("{class}.v"))?;
            fresh(&mut lexicon, format!("{class}.vp"))?;
            for verb in verbs {
                let lemma = *lemma_of.entry(verb.clone()).or_insert_with(|| {
                    lexicon.lemmas.push(verb.clone());
                    (lexicon.lemmas.len() - 1) as u16
                });
                for (form, words) in inflect(verb, &read.irregular, &read.spellings) {
                    lexicon.phrases.push((words, Lex::Verb { sym: s, lemma, form }));
                }
            }
        }
        for (class, nouns) in &read.nouns {
            let s = fresh(&mut lexicon, format!("{class}.n"))?;
            for noun in nouns {
                lexicon.phrases.push((fold_name(noun), Lex::Noun { sym: s }));
                if !noun.ends_with('s') {
                    lexicon.phrases.push((fold_name(&plural(noun)), Lex::Noun { sym: s }));
                }
            }
        }
        for (word, forms) in &read.words {
            let s = fresh(&mut lexicon, word.clone())?;
            lexicon.phrases.extend(forms.iter().map(|f| (fold_name(f), Lex::Word(s))));
        }
        for (name, verbs) in &read.chains {
            let chain = chain_by_name(name).ok_or_else(|| error(format!("chains.{name}: no such modality")))?;
            for verb in verbs {
                if let Some(lemma) = lemma_of.get(verb) {
                    lexicon.chain_of.insert(*lemma, chain);
                } else if is_verb(verb) {
                    lexicon.lemmas.push(verb.clone());
                    let lemma = (lexicon.lemmas.len() - 1) as u16;
                    lexicon.chain_of.insert(lemma, chain);
                    let s = lexicon.symbols.get("other.v").copied().unwrap_or(sym::OTHER);
                    for (form, words) in inflect(verb, &read.irregular, &read.spellings) {
                        lexicon.phrases.push((words, Lex::Verb { sym: s, lemma, form }));
                    }
                } else {
                    lexicon.phrases.push((fold_name(verb), Lex::ChainWord(chain)));
                }
            }
        }
        for (name, words) in &read.groups {
            let class = match name.as_str() {
                "sent" => GroupClass::Sent,
                "military" => GroupClass::Military,
                "civil" => GroupClass::Civil,
                _ => return Err(error(format!("groups.{name}: sent, military or civil expected"))),
            };
            lexicon.phrases.extend(words.iter().map(|w| (fold_name(w), Lex::Group(class))));
        }
        for (name, words) in &read.adjectives {
            let kind = match name.as_str() {
                "state" => AdjKind::State,
                "official" => AdjKind::Official,
                "working" => AdjKind::Working,
                "private" => AdjKind::Private,
                "plain" => AdjKind::Plain,
                _ => {
                    return Err(error(format!(
                        "adjectives.{name}: state, official, working, private or plain expected"
                    )));
                }
            };
            lexicon.phrases.extend(words.iter().map(|w| (fold_name(w), Lex::Adj(kind))));
        }
        lexicon.phrases.extend(read.speakers.sources.iter().map(|w| (fold_name(w), Lex::Source)));
        lexicon.phrases.extend(read.adverbs.values().flatten().map(|w| (fold_name(w), Lex::Adverb)));
        lexicon.phrases.extend(read.hedges.words.iter().map(|w| (fold_name(w), Lex::Hedge)));
        lexicon.phrases.extend(read.areas.words.iter().map(|w| (fold_name(w), Lex::Area)));
        lexicon.phrases.extend(read.sports.words.iter().map(|w| (fold_name(w), Lex::Sport)));
        lexicon.phrases.extend(read.roles_generic.values().flatten().map(|w| (fold_name(w), Lex::Leader)));
        lexicon.names = vec!["?".to_owned(); usize::from(next)];
        for (name, s) in &lexicon.symbols {
            lexicon.names[usize::from(*s)].clone_from(name);
        }
        Ok(lexicon)
    }

    /// The symbol of a name used in rules (`PERSON`, `travel.v`, `visit.n`, `to`).
    pub(crate) fn symbol(&self, name: &str) -> Option<Sym> {
        self.symbols.get(name).copied()
    }

    /// What a verb says of the infinitive behind it.
    pub(crate) fn chain(&self, lemma: u16) -> Option<Chain> {
        self.chain_of.get(&lemma).copied()
    }
}

/// Adds a file's lists to those before it; what is no list or table is replaced.
fn add_to(all: &mut toml::Table, more: toml::Table) {
    for (key, value) in more {
        match (all.get_mut(&key), value) {
            (Some(toml::Value::Table(old)), toml::Value::Table(new)) => add_to(old, new),
            (Some(toml::Value::Array(old)), toml::Value::Array(new)) => {
                let fresh: Vec<_> = new.into_iter().filter(|v| !old.contains(v)).collect();
                old.extend(fresh);
            }
            (_, value) => _ = all.insert(key, value),
        }
    }
}

fn chain_by_name(name: &str) -> Option<Chain> {
    Some(match name {
        "expected" => Chain::Expected,
        "planned" => Chain::Planned,
        "likely" => Chain::Likely,
        "rumored" => Chain::Rumored,
        "wished" => Chain::Wished,
        "wanted" => Chain::Wanted,
        "refused" => Chain::Refused,
        "started" => Chain::Started,
        _ => return None,
    })
}

/// Chain words that are adjectives, not verbs.
fn is_verb(word: &str) -> bool {
    !matches!(
        word,
        "due"
            | "likely"
            | "certain"
            | "sure"
            | "probable"
            | "unlikely"
            | "unable"
            | "able"
            | "ready"
            | "willing"
            | "free"
            | "keen"
            | "eager"
            | "about"
    )
}

fn plural(noun: &str) -> String {
    if noun.ends_with("ch") || noun.ends_with("sh") || noun.ends_with('x') {
        format!("{noun}es")
    } else if let Some(stem) = noun.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        format!("{stem}ies")
    } else {
        format!("{noun}s")
    }
}

fn inflect(
    verb: &str,
    irregular: &BTreeMap<String, [String; 4]>,
    spellings: &BTreeMap<String, (String, String)>,
) -> Vec<(Form, Vec<String>)> {
    let (first, rest) = verb.split_once(' ').map_or((verb, ""), |(a, b)| (a, b));
    let [third, past, participle, ing] = irregular.get(first).cloned().unwrap_or_else(|| regular(first));
    let mut forms = vec![(Form::Base, first.to_owned()), (Form::Third, third), (Form::Past, past.clone())];
    if participle != past {
        forms.push((Form::Participle, participle));
    }
    forms.push((Form::Ing, ing));
    if first == "be" {
        forms.extend([("am", Form::Third), ("are", Form::Third), ("were", Form::Past)].map(|(w, f)| (f, w.to_owned())));
    }
    for (spelling, (base, form)) in spellings {
        if base == first {
            forms.push((if form == "ing" { Form::Ing } else { Form::Past }, spelling.clone()));
        }
    }
    forms.into_iter().map(|(f, w)| (f, fold_name(&format!("{w} {rest}")))).collect()
}

fn regular(base: &str) -> [String; 4] {
    let third = plural(base);
    let (past, ing) = if let Some(stem) = base.strip_suffix('e') {
        let ing = if base.ends_with("ee") { format!("{base}ing") } else { format!("{stem}ing") };
        (format!("{base}d"), ing)
    } else if let Some(stem) = base.strip_suffix('y')
        && !stem.ends_with(['a', 'e', 'o', 'u'])
    {
        (format!("{stem}ied"), format!("{base}ing"))
    } else {
        (format!("{base}ed"), format!("{base}ing"))
    };
    [third, past.clone(), past, ing]
}

impl Lexicon {
    /// The name of a symbol, for those who read chunks.
    pub(crate) fn name_of(&self, s: Sym) -> &str {
        self.names.get(usize::from(s)).map_or("?", String::as_str)
    }
}
