//! Verb groups: auxiliaries, modals, adverbs, chains ("is expected to"), main verb.

use super::run::Chunker;
use super::word::Aux;
use super::{Tense, VerbGroup};
use crate::lexicon::{Chain, Form, Lex, Sym};
use crate::marks;
use crate::vocabulary::Entry;

/// Endings of words that are no verbs: "to various countries".
const ADJECTIVE_ENDINGS: [&str; 11] =
    ["ous", "ful", "less", "ern", "ible", "ical", "ional", "ish", "ouring", "oring", "arby"];

#[derive(Default)]
struct State {
    modal: Option<Aux>,
    have: Option<Aux>,
    be: Option<Aux>,
    negated: bool,
    hedged: bool,
    to: bool,
    chain: Vec<(Chain, bool)>,
    /// Tense of the first finite verb, before any chain.
    outer: Option<Tense>,
    outer_negated: bool,
    going: bool,
    /// "will now not", "will no longer": what was planned.
    dropped: bool,
    /// "had been due to": the plan was changed.
    had: bool,
}

impl Chunker<'_> {
    /// True when an auxiliary or modal stands at `i`.
    pub(super) fn aux_at(&self, i: usize) -> bool {
        let class = self.part.class(i);
        let Some(aux) = class.aux else { return class.negated.is_some() };
        let word = self.part.lower(i);
        if word == "may" && self.part.tokens[i].capital && i > self.start {
            return false;
        }
        if word == "will" && self.part.tokens[i].capital && i > self.start && !self.part.title_case {
            return false;
        }
        match aux {
            Aux::To => {
                let next = self.skip_adverbs(i + 1);
                next < self.end
                    && (self.verb_reading(next, |f| f == Form::Base).is_some() || self.plain_infinitive(next))
            }
            Aux::Not => word != "not" || self.starts_verb(i + 1),
            _ => true,
        }
    }

    fn starts_verb(&self, i: usize) -> bool {
        i < self.end && (self.verb_reading(i, |_| true).is_some() || self.part.class(i).aux.is_some())
    }

    /// A lower-case word behind "to" that no reading knows: "to pilot".
    fn plain_infinitive(&self, i: usize) -> bool {
        let t = &self.part.tokens[i];
        t.kind == dateline_text::TokenKind::Word
            && !t.capital
            && self.part.matches_at(i).is_empty()
            && t.end - t.start > 2
            && self.part.tokens.get(i + 1).is_none_or(|n| n.kind != dateline_text::TokenKind::Hyphen)
            && !matches!(self.part.word(i), "the" | "his" | "her" | "its" | "their" | "our" | "this" | "that" | "these")
            && !ADJECTIVE_ENDINGS.iter().any(|e| self.part.word(i).ends_with(e))
    }

    fn skip_adverbs(&self, mut i: usize) -> usize {
        while i < self.end && self.is_adverb(i) {
            i += 1;
        }
        i
    }

    pub(super) fn is_adverb(&self, i: usize) -> bool {
        let word = self.part.word(i);
        // "he last came in May", "he was last here in May"
        let before = word == "last"
            && i + 1 < self.end
            && (self.verb_reading(i + 1, |f| f == Form::Past).is_some()
                || matches!(self.part.lower(i + 1), "in" | "here" | "there"));
        before
            || self.part.is(i, marks::ONE_ADVERB | marks::ONE_HEDGE)
            || (word.len() > 4
                && word.ends_with("ly")
                && !matches!(word, "deadly" | "costly" | "friendly" | "elderly")
                && word.starts_with(char::is_lowercase)
                && !self.part.is(i, marks::ONE_NOUN | marks::ONE_VERB))
    }

    /// The verb phrases at `i` whose form fits, the longest first: `(end, lemma, form, symbol)`.
    fn verbs(&self, i: usize, fits: impl Fn(Form) -> bool) -> impl Iterator<Item = (usize, u16, Form, Sym)> {
        self.part.matches_at(i).iter().filter_map(move |m| match m.entry {
            Entry::Lex(Lex::Verb { sym, lemma, form }) if fits(form) && m.end as usize <= self.end => {
                Some((m.end as usize, lemma, form, sym))
            }
            _ => None,
        })
    }

    /// The longest verb phrase at `i` whose form fits: `(end, lemma, form)`.
    pub(super) fn verb_reading(&self, i: usize, fits: impl Fn(Form) -> bool) -> Option<(usize, u16, Form)> {
        if !self.part.is(i, marks::VERB) {
            return None;
        }
        self.verbs(i, fits).next().map(|(end, lemma, form, _)| (end, lemma, form))
    }

    /// Reads the verb group at `i`; `None` when there is none after all.
    pub(super) fn verb_group(&self, i: usize) -> Option<(usize, VerbGroup)> {
        let mut s = State::default();
        let mut at = i;
        let mut last_aux = i;
        while at < self.end {
            let word = self.part.lower(at);
            let class = self.part.class(at);
            if let Some(a) = class.negated {
                s.negated = true;
                note(&mut s, a);
                at += 1;
                last_aux = at;
                continue;
            }
            if let Some(a) = class.aux {
                if a == Aux::To {
                    let next = self.skip_adverbs(at + 1);
                    let verb = next < self.end
                        && (self.verb_reading(next, |f| f == Form::Base).is_some() || self.plain_infinitive(next));
                    if !verb {
                        break;
                    }
                    if s.be.is_some() && s.chain.is_empty() && at == last_aux {
                        // "is to visit"
                        Self::close_outer(&mut s, None);
                        s.chain.push((Chain::Planned, false));
                        s.be = None;
                    }
                    s.to = true;
                    at = next;
                    last_aux = at;
                    continue;
                }
                note(&mut s, a);
                at += 1;
                last_aux = at;
                continue;
            }
            if s.be.is_some()
                && self.part.is(at, marks::ONE_CHAIN)
                && let Some(chain) =
                    self.part.readings(at).find_map(|l| if let Lex::ChainWord(c) = l { Some(c) } else { None })
            {
                let next = self.skip_adverbs(at + 1);
                let goes_on = self.part.lower(next) == "to" && self.aux_at(next);
                if goes_on || word == "due" {
                    Self::close_outer(&mut s, None);
                    s.chain.push((chain, s.negated));
                    s.negated = false;
                    if !goes_on {
                        let mut due = self.copula(&s);
                        due.syms.push(self.engine.symbols.due_verb);
                        return Some((at + 1, due));
                    }
                    // "had been due to leave"
                    (s.be, s.have, s.modal) = (None, None, None);
                    at = next;
                    last_aux = at;
                    continue;
                }
            }
            if word == "no" && at + 1 < self.end && self.part.lower(at + 1) == "longer" {
                (s.negated, s.dropped) = (true, true);
                at += 2;
                last_aux = at;
                continue;
            }
            if self.is_adverb(at) && (at > i || self.starts_verb(self.skip_adverbs(at))) {
                s.hedged |= self.part.is(at, marks::ONE_HEDGE);
                s.negated |= word == "never";
                s.dropped |= word == "now" && s.modal.is_some();
                at += 1;
                continue;
            }
            if s.be.is_some() && word == "going" && self.part.lower(at + 1) == "to" && self.aux_at(at + 1) {
                s.going = true;
                // "had been going to travel": a plan that was changed
                if s.have == Some(Aux::Had) {
                    Self::close_outer(&mut s, None);
                    s.chain.push((Chain::Planned, false));
                    s.have = None;
                }
                s.be = None;
                at += 1;
                continue;
            }
            return self.main_verb(s, i, at);
        }
        (s.be.is_some() && last_aux > i).then(|| (last_aux, self.copula(&s)))
    }

    fn main_verb(&self, mut s: State, start: usize, at: usize) -> Option<(usize, VerbGroup)> {
        let any = |f: Form| {
            if s.be.is_some() {
                matches!(f, Form::Past | Form::Participle | Form::Ing)
            } else if s.have.is_some() {
                matches!(f, Form::Past | Form::Participle)
            } else if s.modal.is_some() || s.to || s.going {
                f == Form::Base
            } else {
                true
            }
        };
        let Some((end, lemma, form)) = self.verb_reading(at, any) else {
            return self.unknown_verb(&s, start, at);
        };
        let next = self.skip_adverbs(end);
        if let Some(chain) = self.engine.lexicon.chain(lemma)
            && next < self.end
            && self.part.lower(next) == "to"
            && self.aux_at(next)
        {
            Self::close_outer(&mut s, Some((form, at)));
            let negated = std::mem::take(&mut s.negated);
            s.chain.push((chain, negated));
            s.be = None;
            s.have = None;
            s.modal = None;
            s.to = true;
            let mut after = self.skip_adverbs(next + 1);
            while let Some(a @ (Aux::Be | Aux::Been | Aux::Have)) = self.part.class(after).aux {
                note(&mut s, a);
                after = self.skip_adverbs(after + 1);
            }
            return self.main_verb(s, start, after);
        }
        let mut syms = vec![];
        for (_, _, _, sym) in self.verbs(at, any).take_while(|(to, ..)| *to == end) {
            if !syms.contains(&sym) {
                syms.push(sym);
            }
        }
        let group = Self::finish(&s, form, syms);
        Some((end, group))
    }

    /// A main verb that the lexicon does not know: told by its place and its ending.
    fn unknown_verb(&self, s: &State, start: usize, at: usize) -> Option<(usize, VerbGroup)> {
        let other = self.engine.symbols.other_verb;
        let guided = s.modal.is_some() || s.to || s.have.is_some() || s.be.is_some() || s.going;
        let word = self.part.word(at);
        let lower = at < self.end && word.starts_with(char::is_lowercase);
        let (ed, ing) = (word.ends_with("ed"), word.ends_with("ing"));
        let bare = (s.modal.is_some() || s.to || s.going) && s.be.is_none() && s.have.is_none();
        // "will last until Friday"
        let lasts = word == "last" && s.modal.is_some() && s.be.is_none() && s.have.is_none();
        if lasts {
            return Some((at + 1, Self::finish(s, Form::Base, vec![other])));
        }
        if lower && word.len() > 3 && guided && (ed || ing || (bare && self.part.matches_at(at).is_empty())) {
            let form = if ing {
                Form::Ing
            } else if ed {
                Form::Past
            } else {
                Form::Base
            };
            return Some((at + 1, Self::finish(s, form, vec![other])));
        }
        if s.be.is_some() {
            return Some((at, self.copula(s)));
        }
        if (s.have.is_some() || s.modal.is_some()) && at > start {
            let have = self.engine.symbols.have_verb;
            return Some((at, Self::finish(s, Form::Base, vec![have])));
        }
        None
    }

    /// Tense of the outermost finite verb, kept when a chain follows.
    fn close_outer(s: &mut State, verb: Option<(Form, usize)>) {
        if s.outer.is_none() {
            s.had = s.have == Some(Aux::Had);
            s.outer = Some(tense(s, verb.map(|(f, _)| f)));
            s.outer_negated = s.negated;
        }
    }

    fn copula(&self, s: &State) -> VerbGroup {
        let mut group = Self::finish(s, Form::Base, vec![self.engine.symbols.be_verb]);
        group.passive = false;
        if s.outer.is_none() && s.modal.is_none() {
            group.tense = match (s.have, s.be) {
                (Some(_), _) => Tense::Perfect,
                (_, Some(Aux::Was)) => Tense::Past,
                _ => Tense::Present,
            };
        }
        group
    }

    fn finish(s: &State, form: Form, syms: Vec<u8>) -> VerbGroup {
        let own = tense(s, Some(form));
        let passive = s.be.is_some() && matches!(form, Form::Past | Form::Participle);
        let guided = s.modal.is_some() || s.have.is_some() || s.be.is_some() || s.outer.is_some() || s.going;
        let infinitive = s.to && s.outer.is_none();
        let finite = !infinitive && (guided || matches!(form, Form::Base | Form::Third | Form::Past));
        VerbGroup {
            syms: if passive { syms.into_iter().map(|x| x + 1).collect() } else { syms },
            form,
            tense: s.outer.unwrap_or(own),
            finite,
            infinitive,
            passive,
            negated: s.negated,
            hedged: s.hedged,
            dropped: s.dropped && s.negated,
            unmade: (s.had || (s.have.is_some() && matches!(form, Form::Past | Form::Participle)))
                && s.chain.iter().any(|(c, _)| matches!(c, Chain::Planned | Chain::Expected)),
            chain: s.chain.clone(),
        }
    }
}

fn note(s: &mut State, a: Aux) {
    match a {
        Aux::Will | Aux::Would | Aux::May | Aux::Must => s.modal = Some(a),
        Aux::Have | Aux::Had => s.have = Some(a),
        Aux::Been => {
            s.be = Some(a);
        }
        Aux::Be | Aux::Was => s.be = Some(a),
        Aux::Not => s.negated = true,
        Aux::Do | Aux::Did | Aux::To => {}
    }
}

fn tense(s: &State, form: Option<Form>) -> Tense {
    match s.modal {
        Some(Aux::Will) => return Tense::Future,
        Some(Aux::Would) => return Tense::Conditional,
        Some(Aux::May) => return Tense::Possible,
        _ => {}
    }
    if s.going {
        return Tense::Future;
    }
    if s.have.is_some() {
        return Tense::Perfect;
    }
    match (s.be, form) {
        (Some(Aux::Be), Some(Form::Ing)) => Tense::Progressive,
        (Some(Aux::Was | Aux::Been), _) => Tense::Past,
        (Some(_), _) => Tense::Present,
        (None, Some(Form::Past)) => Tense::Past,
        (None, Some(Form::Third | Form::Base)) if !s.to => Tense::Present,
        _ => Tense::None,
    }
}
