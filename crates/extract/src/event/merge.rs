//! One event for each that an article tells: drafts of one type with the same parties and no contradicting day or place.

use dateline_model::{EventStatus, EventType, PartialDate, Participant};

use super::EventDraft;
use crate::visit::Reader;
use crate::words::among;

/// Merges drafts in the order of the text; a headline's come last, for the text says better what it says.
pub(super) fn merge(reader: &Reader<'_>, mut drafts: Vec<EventDraft>) -> Vec<EventDraft> {
    drafts.sort_by_key(|d| (d.joins, d.title, d.event.participants.is_empty(), d.sentence));
    again(reader, drafts)
}

/// Merges drafts in the order in which they come.
pub(super) fn again(reader: &Reader<'_>, drafts: Vec<EventDraft>) -> Vec<EventDraft> {
    let mut out: Vec<EventDraft> = vec![];
    for d in drafts {
        if d.joins {
            let near = out
                .iter_mut()
                .filter(|m| m.event.event_type == d.event.event_type)
                .min_by_key(|m| (m.sentence > d.sentence, m.sentence.abs_diff(d.sentence)));
            if let Some(m) = near {
                add(m, d);
            }
            continue;
        }
        let best = out
            .iter_mut()
            .filter(|m| same(reader, m, &d))
            .min_by_key(|m| (m.sentence > d.sentence, m.sentence.abs_diff(d.sentence)));
        match best {
            Some(m) => join(m, d),
            None => out.push(d),
        }
    }
    out.sort_by_key(|d| (d.title, d.sentence));
    out
}

fn same(reader: &Reader<'_>, a: &EventDraft, b: &EventDraft) -> bool {
    a.event.event_type == b.event.event_type
        && days_agree(a, b)
        && places_agree(a, b)
        && a.event.background == b.event.background
        && (a.known.is_none() || b.known.is_none() || a.known == b.known)
        && parties_agree(reader, a, b)
}

fn days_agree(a: &EventDraft, b: &EventDraft) -> bool {
    let (Some(x), Some(y)) = (a.event.period.start, b.event.period.start) else { return true };
    if x.overlaps(y) {
        return true;
    }
    let within = |d: PartialDate, e: &EventDraft| {
        e.event
            .period
            .start
            .zip(e.event.period.end)
            .is_some_and(|(s, t)| s.first_day() <= d.first_day() && d.last_day() <= t.last_day())
    };
    within(x, b) || within(y, a)
}

fn places_agree(a: &EventDraft, b: &EventDraft) -> bool {
    let (Some(x), Some(y)) = (&a.event.place, &b.event.place) else { return true };
    let agree = |p: &Option<String>, q: &Option<String>| p.is_none() || q.is_none() || p == q;
    agree(&x.country, &y.country) && agree(&x.city, &y.city)
}

/// The parties of the one are those of the other, as far as both are named; a gathering takes any.
#[allow(clippy::many_single_char_names)]
fn parties_agree(reader: &Reader<'_>, a: &EventDraft, b: &EventDraft) -> bool {
    let (n, m) = (a.event.participants.len(), b.event.participants.len());
    let near = a.sentence.abs_diff(b.sentence) <= 2 || a.title || b.title;
    match a.event.event_type {
        EventType::Summit => return true,
        EventType::Ceremony => return one_ceremony(reader, a, b),
        EventType::Protest => return true,
        _ => {}
    }
    if a.title != b.title && a.salient && b.salient && alike(a, b) {
        return true;
    }
    // "the meeting" is none that is only told afterwards
    let ahead = |bare: &EventDraft, named: &EventDraft| {
        bare.event.participants.is_empty() && bare.definite && !bare.title && named.sentence > bare.sentence
    };
    if a.event.event_type == EventType::Talks && n != m && (ahead(a, b) || ahead(b, a)) {
        return false;
    }
    if n == 0 || m == 0 {
        let placed = a.event.place.is_some() && b.event.place.is_some();
        return if a.event.event_type == EventType::Attack { placed } else { near };
    }
    let one = |i: usize, j: usize| {
        let (p, q) = (&a.event.participants[i].actor, &b.event.participants[j].actor);
        let state = |w: Option<usize>| w.is_none_or(|e| reader.entities.list[e].group);
        let body = |w: Option<usize>| w.and_then(|e| reader.entities.list[e].organisation);
        p.name == q.name
            || body(a.who[i]).is_some() && body(a.who[i]) == body(b.who[j])
            || a.who[i].is_some() && a.who[i] == b.who[j]
            || p.country.is_some() && p.country == q.country && (state(a.who[i]) || state(b.who[j]))
    };
    let shared = (0..n).filter(|i| (0..m).any(|j| one(*i, j))).count();
    if a.event.event_type == EventType::Statement {
        return one(0, 0);
    }
    // "a strike on airfields": the blow at the country told before
    let blow = a.event.event_type == EventType::Attack && near && shared > 0 && {
        let bare = |d: &EventDraft| d.event.participants.iter().skip(1).all(|p| p.actor.country.is_none());
        bare(a) || bare(b)
    };
    blow || shared >= n.min(m).min(2)
}

/// A headline names them in other words: "NAVY CHIEF" for "the navy commander".
fn alike(a: &EventDraft, b: &EventDraft) -> bool {
    let words = |d: &EventDraft| -> Vec<String> {
        let first = d.event.participants.first();
        let name = first.map(|p| p.actor.name.to_lowercase()).unwrap_or_default();
        name.split(' ').map(|w| w.trim_end_matches("'s").to_owned()).filter(|w| w.len() > 3).collect()
    };
    let (x, y) = (words(a), words(b));
    let country = |d: &EventDraft| d.event.participants.first().and_then(|p| p.actor.country.clone());
    x.iter().any(|w| y.contains(w)) && (country(a).is_none() || country(b).is_none() || country(a) == country(b))
}

/// A parade is not a Mass; "the ceremony" is either.
fn one_ceremony(reader: &Reader<'_>, a: &EventDraft, b: &EventDraft) -> bool {
    let what = |d: &EventDraft| {
        let word = d.event.subtype.clone().filter(|s| !among(&reader.engine.words.ceremonies, s));
        word.map(|w| w.split(' ').next_back().unwrap_or(&w).to_owned())
    };
    if let (Some(x), Some(y)) = (what(a), what(b)) {
        return x == y;
    }
    let named = |p: &Participant| b.event.participants.iter().any(|q| p.actor.name == q.actor.name);
    let shared = a.who.iter().any(|w| w.is_some() && b.who.contains(w)) || a.event.participants.iter().any(named);
    a.sentence.abs_diff(b.sentence) <= 3 || a.title || b.title || shared
}

/// What a joining rule read: participants and topic, nothing of when and whether.
fn add(m: &mut EventDraft, d: EventDraft) {
    if !d.spoken {
        take_participants(m, &d);
    }
    if let (Some(p), Some(q)) = (&mut m.event.place, &d.event.place)
        && p.country == q.country
        && p.venue.is_none()
        && q.venue.is_some()
    {
        p.venue.clone_from(&q.venue);
        p.city = p.city.take().or_else(|| q.city.clone());
        m.quotes.append(d.quotes.clone(), |path| path == "place.venue" || path == "place.city");
    }
    if m.event.topic.is_none() || d.event.topic_certainty.is_some() {
        m.event.topic = d.event.topic.or(m.event.topic.take());
        m.event.topic_certainty = m.event.topic_certainty.or(d.event.topic_certainty);
        m.quotes.append(d.quotes, |p| p == "topic");
    }
}

/// Participants of another mention, with their evidence under their new numbers.
fn take_participants(m: &mut EventDraft, d: &EventDraft) {
    for (i, p) in d.event.participants.iter().enumerate() {
        let known = m.event.participants.iter().any(|x| x.actor.name == p.actor.name)
            || d.who[i].is_some() && m.who.contains(&d.who[i])
            || d.who[i].is_none() && m.event.participants.iter().any(|x| x.actor.country == p.actor.country);
        if known {
            continue;
        }
        let (from, to) = (format!("participants.{i}."), format!("participants.{}.", m.event.participants.len()));
        m.quotes.take(&d.quotes, &from, &to);
        m.event.participants.push(p.clone());
        m.who.push(d.who[i]);
    }
}

#[allow(clippy::many_single_char_names)]
fn join(m: &mut EventDraft, d: EventDraft) {
    // "the meeting" of a headline or of a sentence far away says nothing that is sure to be meant
    let vague = d.event.participants.is_empty() && !m.event.participants.is_empty() && (d.title || !d.definite);
    if vague {
        m.quotes.append(d.quotes, |p| p == "event_type");
        return;
    }
    take_participants(m, &d);
    let e = &mut m.event;
    let mut taken: Vec<&str> = vec![];
    let finer = match (e.period.start, d.event.period.start) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => b.precision() > a.precision() && a.contains(b),
        _ => false,
    };
    if finer {
        e.period = d.event.period;
        m.quotes.drop_path("period.start");
        taken.extend(["period.start", "period.end", "period.days"]);
    }
    let bare = e.place.as_ref().is_none_or(|p| p.city.is_none() && p.venue.is_none());
    if bare
        && d.event.place.is_some()
        && (e.place.is_none() || d.event.place.as_ref().is_some_and(|p| p.city.is_some()))
    {
        e.place = d.event.place;
        m.quotes.drop_path("place.country");
        taken.extend(["place.country", "place.city", "place.venue"]);
    }
    if let Some(status) = moved(e.status, d.event.status).filter(|_| !d.title && !d.event.participants.is_empty()) {
        e.status = status;
        m.quotes.drop_path("status");
        taken.push("status");
    }
    if e.topic.is_none() && d.event.topic.is_some() {
        e.topic = d.event.topic;
        taken.push("topic");
    }
    if e.quote.is_none() && d.event.quote.is_some() {
        e.quote = d.event.quote;
        taken.push("quote");
    }
    if e.attribution.is_none() && d.event.attribution.is_some() {
        e.attribution = d.event.attribution;
        taken.extend(["attribution.source", "attribution.reported_on"]);
    }
    e.subtype = e.subtype.take().or(d.event.subtype);
    e.confidence = 1.0 - (1.0 - e.confidence) * (1.0 - d.event.confidence * 0.5);
    m.known = m.known.or(d.known);
    if m.event.participants.is_empty() || !d.head.is_empty() && m.head.is_empty() {
        m.head.clone_from(&d.head);
    }
    m.summit |= d.summit;
    m.open &= d.open;
    m.weak &= d.weak;
    m.lead &= d.lead;
    m.salient |= d.salient;
    m.quotes.append(d.quotes, |p| taken.contains(&p) || p == "event_type");
}

/// A later mention moves the status only to what undoes or firms it.
fn moved(now: EventStatus, then: EventStatus) -> Option<EventStatus> {
    use EventStatus::{Cancelled, Denied, Expected, Planned, Postponed, Rumored};
    match (now, then) {
        (Planned | Expected | Rumored, Cancelled | Postponed | Denied) => Some(then),
        (Rumored, Planned | Expected) => Some(then),
        _ => None,
    }
}
