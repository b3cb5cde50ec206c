//! What the events of an article lend one another: parties, places, dates.

use dateline_model::{EventStatus, EventType};

use super::EventDraft;

/// The declaration that a summit adopts is that of the body that meets.
pub(super) fn lend_body(drafts: &mut [EventDraft]) {
    let body = drafts.iter().filter(|s| s.event.event_type == EventType::Summit).find_map(|s| {
        let i = s.event.participants.iter().position(|p| p.actor.group && p.actor.country.is_none())?;
        Some((s.quotes.clone(), s.event.participants[i].clone(), s.who[i], i))
    });
    let Some((quotes, participant, who, i)) = body else { return };
    let texts = drafts.iter_mut().filter(|d| d.event.event_type == EventType::Statement && d.who.is_empty());
    for d in texts {
        d.quotes.take(&quotes, &format!("participants.{i}."), "participants.0.");
        d.event.participants.push(participant.clone());
        d.who.push(who);
    }
}

/// Gives talks the place of the summit that both attend, and an event the place of the one told right before it with the
/// same people.
pub(super) fn lend_places(drafts: &mut [EventDraft]) {
    for n in 0..drafts.len() {
        let d = &drafts[n];
        let made = matches!(d.event.status, EventStatus::Completed | EventStatus::Ongoing);
        if d.event.place.is_some()
            || d.event.during_visit.is_some()
            || matches!(d.event.event_type, EventType::PhoneCall | EventType::Sanction)
        {
            continue;
        }
        let attends = |s: &EventDraft| d.who.iter().flatten().filter(|w| s.who.contains(&Some(**w))).count();
        let from = drafts.iter().position(|s| {
            let summit =
                s.event.event_type == EventType::Summit && d.event.event_type == EventType::Talks && attends(s) > 0;
            let before = made
                && s.event.status == d.event.status
                && s.sentence <= d.sentence
                && d.sentence - s.sentence <= 2
                && !s.title
                && d.who.first().is_some_and(|w| w.is_some() && s.who.contains(w));
            s.event.place.is_some()
                && s.event.event_type != EventType::Attack
                && s.event.background == d.event.background
                && (summit || before)
        });
        if let Some(j) = from {
            let source = drafts[j].clone();
            drafts[n].event.place = source.event.place;
            drafts[n].quotes.append(source.quotes, |p| p.starts_with("place."));
        }
    }
}

/// What was signed at talks was signed by those who talked.
pub(super) fn lend_parties(drafts: &mut [EventDraft]) {
    for i in 0..drafts.len() {
        let (kind, s) = (drafts[i].event.event_type, drafts[i].sentence);
        if kind != EventType::Signing || !drafts[i].event.participants.is_empty() {
            continue;
        }
        let talks = (0..drafts.len()).find(|j| {
            let t = &drafts[*j];
            t.event.event_type == EventType::Talks
                && t.event.participants.len() == 2
                && (t.sentence == s || t.sentence + 1 == s)
                && t.title == drafts[i].title
        });
        if let Some(j) = talks {
            let t = drafts[j].clone();
            let d = &mut drafts[i];
            d.quotes.append(t.quotes, |p| {
                p.starts_with("participants.")
                    || (p == "period.start" && d.event.period.start.is_none())
                    || (p.starts_with("place.") && d.event.place.is_none())
            });
            d.event.participants = t.event.participants;
            d.who = t.who;
            if d.event.period.start.is_none() {
                d.event.period.start = t.event.period.start;
            }
            d.event.place = d.event.place.take().or(t.event.place);
        }
    }
}
