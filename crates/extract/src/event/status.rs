//! Where an event stands: by its verb, or by the words around its noun.

use dateline_model::{Certainty, EventStatus, EventType, PartialDate, Period, VisitStatus};

use crate::chunk::{NounNp, Tense, VerbGroup};
use crate::clause::Link;
use crate::frame::Frame;
use crate::lexicon::{Form, sym};
use crate::modality::{Phase, judge};
use crate::rules::Over;
use crate::visit::Reader;
use crate::words::among;

type Standing = (EventStatus, Certainty);

fn of_visit(s: VisitStatus, c: Certainty) -> Standing {
    let status = match s {
        VisitStatus::Rumored => EventStatus::Rumored,
        VisitStatus::Planned if c == Certainty::Expected => EventStatus::Expected,
        VisitStatus::Planned | VisitStatus::Confirmed => EventStatus::Planned,
        VisitStatus::Ongoing => EventStatus::Ongoing,
        VisitStatus::Completed => EventStatus::Completed,
        VisitStatus::Postponed => EventStatus::Postponed,
        VisitStatus::Cancelled => EventStatus::Cancelled,
        VisitStatus::Denied => EventStatus::Denied,
    };
    (status, c)
}

impl Reader<'_> {
    /// Status and certainty of a frame's event, or `None` where it is wanted, refused or denied.
    pub(super) fn event_status(&self, frame: &Frame) -> Option<Standing> {
        let rule = self.engine.rule(frame.rule);
        if rule.over == Over::Sentence
            && frame.slot("verb").is_empty()
            && let Some((at, noun)) = frame.noun(self.doc)
        {
            return self.by_noun(frame, at, noun);
        }
        let phase = rule.effects.phase.as_deref().and_then(Phase::parse).unwrap_or(Phase::Whole);
        let Some(verb) = frame.verb(self.doc) else {
            return Some((EventStatus::Completed, Certainty::Stated));
        };
        if let Some(outer) = self.shared(frame) {
            let (status, certainty) = judge(Some(outer), phase, true)?;
            return Some(self.scheduled(frame, of_visit(status, certainty)));
        }
        if self.wished(frame) {
            return None;
        }
        // the vow is made, what is vowed is not
        if rule.name == "statement.vow" {
            return Some((EventStatus::Completed, Certainty::Stated));
        }
        // "left it there to protest the law"
        if verb.infinitive && rule.event == Some(EventType::Protest) && self.done_to(frame) {
            return Some((EventStatus::Completed, Certainty::Stated));
        }
        let (status, certainty, _) = self.standing(&Frame { slots: vec![], ..frame.clone() }, phase, true)?;
        if self.announces(frame) && matches!(status, VisitStatus::Completed | VisitStatus::Ongoing) {
            return Some((EventStatus::Planned, certainty));
        }
        // "has a meeting with him tomorrow"
        let has = verb.tense == Tense::Present && verb.syms.contains(&self.engine.symbols.have_verb);
        if has && matches!(rule.event, Some(EventType::Talks | EventType::PhoneCall)) {
            return Some((EventStatus::Planned, certainty));
        }
        Some(self.scheduled(frame, of_visit(narrated(verb, phase, status), certainty)))
    }

    /// "urged it to impose sanctions", "demanded that it withdraw": what others are told to do is not done.
    fn wished(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let Some(clause) = frame.clause.and_then(|k| s.clauses.get(k)) else { return false };
        if matches!(self.engine.rule(frame.rule).event, Some(EventType::Statement | EventType::Protest))
            || !matches!(clause.link, Link::Infinitive | Link::Complement)
        {
            return false;
        }
        let Some(parent) = clause.parent.and_then(|p| s.clauses.get(p)) else { return false };
        let told = parent.group(&s.chunks).is_some_and(|v| {
            v.syms
                .iter()
                .any(|x| matches!(self.engine.lexicon.name_of(*x), "condemn.v" | "oppose.v" | "invite.v" | "refuse.v"))
        });
        let demand = || {
            let words = parent.verb.map(|v| self.doc.lower(frame.sentence, s.chunks[v].tokens));
            words.is_some_and(|w| ["demand", "urg", "call", "propos", "ask", "order"].iter().any(|x| w.contains(x)))
        };
        told && (clause.link == Link::Infinitive || demand())
    }

    /// An infinitive of purpose behind what is done.
    fn done_to(&self, frame: &Frame) -> bool {
        let s = &self.doc.sentences[frame.sentence];
        let parent =
            frame.clause.and_then(|k| s.clauses.get(k)?.parent).and_then(|p| s.clauses.get(p)?.group(&s.chunks));
        parent.is_some_and(|v| {
            v.finite && v.chain.is_empty() && matches!(v.tense, Tense::Past | Tense::Perfect | Tense::Present)
        })
    }

    /// "will fly there and attend": the verb group in front lends its auxiliary.
    pub(super) fn shared(&self, frame: &Frame) -> Option<&VerbGroup> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let verb = clause.group(&s.chunks)?;
        let bare =
            clause.link == Link::Coordinate && verb.form == Form::Base && !verb.infinitive && verb.chain.is_empty();
        let outer = s.clauses.get(clause.parent?)?;
        let group = outer.group(&s.chunks).filter(|_| bare && outer.subject == clause.subject)?;
        (matches!(group.tense, Tense::Future | Tense::Conditional | Tense::Possible)
            || group.infinitive
            || !group.chain.is_empty())
        .then_some(group)
    }

    /// "due to", "projected to" are plans; only "expected to" is expected.
    fn scheduled(&self, frame: &Frame, standing: Standing) -> Standing {
        let s = &self.doc.sentences[frame.sentence];
        let verb = frame.clause.and_then(|k| s.clauses.get(k)?.verb);
        let words = verb.map(|v| self.doc.lower(frame.sentence, s.chunks[v].tokens));
        let due = words.is_some_and(|w| w.contains("due "));
        match standing {
            (EventStatus::Expected, _) if due => (EventStatus::Planned, Certainty::Stated),
            other => other,
        }
    }

    /// "announced exercises", "plans a ceremony": what is announced lies ahead; a truce and aid are made by it.
    pub(super) fn announces(&self, frame: &Frame) -> bool {
        let rule = self.engine.rule(frame.rule);
        let made = matches!(rule.event, Some(EventType::Ceasefire | EventType::Statement | EventType::Sanction));
        let verb = frame.verb(self.doc).filter(|v| !v.passive);
        !made
            && !frame.slot("noun").is_empty()
            && verb.is_some_and(|v| {
                v.syms.iter().any(|s| matches!(self.engine.lexicon.name_of(*s), "announce.v" | "plan.v"))
            })
    }

    /// "upcoming talks", "after a meeting with", "talks were put off".
    fn by_noun(&self, frame: &Frame, at: usize, noun: &NounNp) -> Option<Standing> {
        let stated = |s: EventStatus| Some((s, Certainty::Stated));
        let part = self.doc.part_of(frame.sentence);
        let words: Vec<&str> = (noun.name.0..noun.name.1).map(|t| part.lower(t as usize)).collect();
        let lists = &self.engine.words;
        let any = |list: &[String]| words.iter().any(|w| among(list, w));
        if any(&lists.rumored) {
            return Some((EventStatus::Rumored, Certainty::Rumored));
        }
        if any(&lists.planned) || any(&lists.planned_event) {
            return stated(EventStatus::Planned);
        }
        if any(&lists.cancelled) {
            return stated(EventStatus::Cancelled);
        }
        if any(&lists.postponed) {
            return stated(EventStatus::Postponed);
        }
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let symbols = &self.engine.symbols;
        let first = match noun.owner {
            Some(crate::chunk::Owner::Chunk(c)) => c,
            _ => at,
        };
        let before = first.checked_sub(1).map(|b| chunks[b].sym);
        let of_attack = self.engine.rule(frame.rule).event == Some(EventType::Attack) && before == Some(symbols.of);
        if before == Some(symbols.after) || of_attack {
            return stated(EventStatus::Completed);
        }
        let Some(verb) = frame.verb(self.doc) else {
            return stated(if before == Some(symbols.before) { EventStatus::Planned } else { EventStatus::Completed });
        };
        let class = |name: &str| {
            verb.syms.iter().any(|s| self.engine.lexicon.name_of(*s).split('.').next().is_some_and(|n| n == name))
        };
        if class("postpone") {
            return (!verb.negated).then_some((EventStatus::Postponed, Certainty::Stated));
        }
        if class("cancel") {
            return (!verb.negated).then_some((EventStatus::Cancelled, Certainty::Stated));
        }
        let verb_at = frame.clause.and_then(|k| self.doc.sentences[frame.sentence].clauses.get(k)?.verb);
        let object = verb_at.is_some_and(|v| v < first && first - v <= 3);
        if object && (class("refuse") || class("deny") || class("invite")) {
            return None;
        }
        let subject = verb_at.is_some_and(|v| v > at);
        let phase = if subject && class("begin") {
            Phase::Arrive
        } else if subject && class("end") {
            Phase::End
        } else {
            Phase::Whole
        };
        if before == Some(symbols.before) {
            let (_, certainty) = judge(Some(verb), Phase::Whole, true)?;
            return Some((EventStatus::Planned, certainty));
        }
        // "his programme includes talks"
        let planned = |c: &usize| self.engine.lexicon.name_of(chunks[*c].sym) == "plan.n";
        let clause = frame.clause.and_then(|k| self.doc.sentences[frame.sentence].clauses.get(k));
        if class("see")
            && !subject
            && clause.is_some_and(|c| c.subject.iter().any(planned))
            && verb.tense == Tense::Present
        {
            return stated(EventStatus::Planned);
        }
        if class("plan") && subject == verb.passive {
            return stated(EventStatus::Planned);
        }
        // "flew to Rome for talks with": what he came for lies ahead
        let purpose = before.is_some_and(|b| self.engine.lexicon.name_of(b) == "for");
        if purpose && ["travel", "arrive", "leave", "return", "be"].iter().any(|c| class(c)) {
            let (status, certainty) = judge(Some(verb), Phase::Whole, true)?;
            let ahead = class("travel") || class("leave") || class("arrive");
            let status = match status {
                VisitStatus::Completed | VisitStatus::Ongoing if ahead => VisitStatus::Planned,
                other => other,
            };
            return Some(self.scheduled(frame, of_visit(status, certainty)));
        }
        if verb.infinitive || (!verb.finite && verb.tense == Tense::None) {
            let (status, certainty, _) = self.standing(&Frame { slots: vec![], ..frame.clone() }, phase, true)?;
            return Some(of_visit(status, certainty));
        }
        let (status, certainty) = judge(Some(verb), phase, true)?;
        Some(self.scheduled(frame, of_visit(narrated(verb, phase, status), certainty)))
    }

    /// What the calendar says against a status.
    pub(super) fn by_calendar(&self, kind: EventType, status: EventStatus, period: &Period) -> EventStatus {
        let short = !matches!(
            kind,
            EventType::MilitaryExercise | EventType::Project | EventType::Ceasefire | EventType::Deployment
        );
        let (Some(today), Some(start)) = (self.doc.as_of, period.start) else { return status };
        let last = period.end.map_or(start.last_day(), PartialDate::last_day);
        match status {
            EventStatus::Completed | EventStatus::Ongoing if start.first_day() > today => EventStatus::Planned,
            EventStatus::Planned if last < today && start.day().is_some() => EventStatus::Completed,
            EventStatus::Ongoing if last < today && (period.end.is_some() || (short && start.day().is_some())) => {
                EventStatus::Completed
            }
            other => other,
        }
    }
}

/// Headlines and day items tell what is done in the present: "signs an agreement".
fn narrated(verb: &VerbGroup, phase: Phase, status: VisitStatus) -> VisitStatus {
    if status == VisitStatus::Ongoing && verb.tense == Tense::Present && phase == Phase::Whole {
        return VisitStatus::Completed;
    }
    status
}

/// True for a mark that ends what belongs to a noun.
pub(super) fn stops(symbol: u8) -> bool {
    matches!(symbol, sym::STOP | sym::DASH | sym::OPEN | sym::QUOTE)
}
