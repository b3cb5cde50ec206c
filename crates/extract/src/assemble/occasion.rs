//! The occasion of visits: a summit or a ceremony that several sentences speak of gives its days and its kind to those who
//! travel to it.

use dateline_model::{PartialDate, VisitKind, VisitStatus};

use crate::chunk::{Kind, NounNp, Tokens};
use crate::lexicon::sym;
use crate::time::{Resolved, Tense, TimeKind};
use crate::visit::{Draft, Reader};

/// A noun of an event, with its days where its own sentence says them.
struct Occasion {
    at: (usize, Tokens),
    head: String,
    summit: bool,
    country: Option<u32>,
    days: Option<(Resolved, (usize, Tokens))>,
}

/// Fills kinds and dates from the occasions of the text.
pub(super) fn apply(reader: &Reader<'_>, drafts: &mut [Draft]) {
    let found = occasions(reader);
    if found.is_empty() {
        return;
    }
    for d in drafts.iter_mut().filter(|d| !d.background && !d.again) {
        // the one of the visit's own sentence, else the one in its country that title or lead speak of
        let own = found.iter().find(|o| o.at.0 == d.sentence && o.country.is_none_or(|c| c == d.country));
        let lead = found.iter().find(|o| o.country == Some(d.country) && leads(reader, o.at.0));
        if let Some(o) = lead.filter(|o| o.summit)
            && d.kind == VisitKind::Unspecified
        {
            d.kind = VisitKind::Summit;
            d.quotes.add("visit_kind", o.at, "coref:event");
        }
        let ahead = matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed);
        let Some(o) = own.or(lead).filter(|_| d.when.start.is_none() && ahead) else { continue };
        // "Friday's parade": the day stands where the same event is named again
        let dated = found.iter().filter(|x| x.head == o.head).find_map(|x| x.days.as_ref().map(|days| (x, days)));
        if let Some((x, (r, at))) = dated {
            set(d, x, r, *at);
        }
    }
    share(drafts);
}

fn set(d: &mut Draft, o: &Occasion, r: &Resolved, at: (usize, Tokens)) {
    let Some(start) = r.start else { return };
    match (r.end, o.summit) {
        (Some(end), true) => {
            d.when.start = Some(start);
            if d.when.end.is_none() {
                d.when.end = Some(end);
                d.quotes.add("period.end", at, "time");
                d.quotes.add("period.end", o.at, "coref:event");
            }
        }
        // a lone day of the event: of the visit only the month is known
        _ => d.when.start = Some(start.to_month()),
    }
    d.span = None;
    d.quotes.add("period.start", at, "time");
    d.quotes.add("period.start", o.at, "coref:event");
    if r.relative {
        for path in ["period.start", "period.end"] {
            if d.quotes.has(path) {
                d.quotes.add_dateline(path, "time:dateline");
            }
        }
    }
}

/// Guests of one summit come for the same days.
fn share(drafts: &mut [Draft]) {
    for i in 0..drafts.len() {
        let d = &drafts[i];
        let open = d.when.start.is_none()
            && !d.background
            && !d.again
            && matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed)
            && matches!(d.kind, VisitKind::Summit | VisitKind::Unspecified);
        let from = drafts.iter().position(|e| {
            open && e.kind == VisitKind::Summit
                && e.visitor != d.visitor
                && e.country == d.country
                && matches!(e.when.start, Some(PartialDate::Day(_)))
                && e.when.end.is_some()
                && !e.background
                && e.sentence.abs_diff(d.sentence) <= 2
        });
        if let Some(e) = from.map(|k| drafts[k].clone()) {
            let d = &mut drafts[i];
            (d.when, d.span) = (e.when, e.span);
            let paths = ["period.start", "period.end", "period.days", "visit_kind"];
            if d.kind == VisitKind::Unspecified {
                d.kind = VisitKind::Summit;
            }
            let had = d.quotes.has("visit_kind");
            d.quotes.append(e.quotes, |p| paths.contains(&p) && !(had && p == "visit_kind"));
        }
    }
}

/// The title or the first sentence of the text.
fn leads(reader: &Reader<'_>, sentence: usize) -> bool {
    let body = reader.doc.sentences.iter().position(|x| x.part == reader.doc.body).unwrap_or(0);
    sentence <= body
}

fn occasions(reader: &Reader<'_>) -> Vec<Occasion> {
    let mut out = vec![];
    for (s, sentence) in reader.doc.sentences.iter().enumerate() {
        for (c, chunk) in sentence.chunks.iter().enumerate() {
            let summit = chunk.sym == reader.engine.symbols.summit_noun;
            let Kind::Noun(n) = &chunk.kind else { continue };
            if !summit && chunk.sym != reader.engine.symbols.ceremony_noun {
                continue;
            }
            let head = reader.doc.lower(s, n.head);
            if head.contains("forum") {
                continue;
            }
            let (country, days) = (place(reader, s, c, n), days(reader, s, c, n));
            let head = head.split_whitespace().last().unwrap_or("").to_owned();
            out.push(Occasion { at: (s, chunk.tokens), head, summit, country, days });
        }
    }
    out
}

/// The country of the event: its own place, or "in PLACE" behind it.
fn place(reader: &Reader<'_>, s: usize, c: usize, noun: &NounNp) -> Option<u32> {
    let chunks = &reader.doc.sentences[s].chunks;
    let country = |p| reader.country_of(p).map(|c| reader.on_the_day(c));
    if let Some((p, _)) = noun.places.first() {
        return country(p);
    }
    (c + 1..chunks.len().min(c + 7))
        .take_while(|k| {
            chunks[*k].sym != sym::COMMA && (!matches!(chunks[*k].kind, Kind::Verb(_)) || held(reader, s, *k))
        })
        .find_map(|k| match &chunks[k].kind {
            Kind::Place(p) if reader.engine.symbols.inside.contains(&chunks[k - 1].sym) => country(p),
            _ => None,
        })
}

/// "will be held in Lima on May 9": the verb says where and when the event is.
fn held(reader: &Reader<'_>, s: usize, k: usize) -> bool {
    let chunk = &reader.doc.sentences[s].chunks[k];
    let Kind::Verb(v) = &chunk.kind else { return false };
    v.syms.iter().any(|x| reader.engine.lexicon.name_of(*x) == "hold.vp")
        || ["take place", "takes place"].iter().any(|w| reader.doc.slice(s, chunk.tokens).ends_with(w))
}

fn days(reader: &Reader<'_>, s: usize, c: usize, noun: &NounNp) -> Option<(Resolved, (usize, Tokens))> {
    let sentence = &reader.doc.sentences[s];
    let chunks = &sentence.chunks;
    let future = |t: usize| {
        let r = sentence.times[t].resolve(reader.doc.as_of, Tense::Future);
        let fits = matches!(r.kind, TimeKind::Day | TimeKind::Range) && matches!(r.start, Some(PartialDate::Day(_)));
        fits.then_some(r)
    };
    let inside = noun.times.iter().find_map(|t| {
        let e = &sentence.times[*t];
        future(*t).map(|r| (r, (s, (e.tokens.start as u32, e.tokens.end as u32))))
    });
    let before = || {
        let owner = c.checked_sub(2).filter(|_| chunks[c - 1].sym == sym::POSSESSIVE)?;
        match chunks[owner].kind {
            Kind::Time(t) => future(t).map(|r| (r, (s, chunks[owner].tokens))),
            _ => None,
        }
    };
    let behind = || {
        let goes_on = |k: &usize| !matches!(chunks[*k].kind, Kind::Verb(_)) || held(reader, s, *k);
        (c + 1..chunks.len().min(c + 9)).take_while(goes_on).find_map(|k| match chunks[k].kind {
            Kind::Time(t) => future(t).map(|r| (r, (s, chunks[k].tokens))),
            _ => None,
        })
    };
    inside.or_else(before).or_else(behind)
}
