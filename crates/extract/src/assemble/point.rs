//! Nouns and frames without a destination ("his four-day visit", "the trip was put off") change the visit that they point
//! back to.

use dateline_model::{Ordinal, VisitKind, VisitStatus};

use crate::chunk::{Kind, NounNp, Owner};
use crate::frame::Frame;
use crate::kind::kind_of;
use crate::visit::{Draft, Pointer, Reader};

/// "the visit", "during his four-day visit": what they say goes to the visit that they point back to.
pub(super) fn point_back(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let doc = reader.doc;
    for (s, sentence) in doc.sentences.iter().enumerate() {
        for (c, chunk) in sentence.chunks.iter().enumerate() {
            let Kind::Noun(noun) = &chunk.kind else { continue };
            // "his fourth round of shuttle diplomacy" is a visit, too
            let round =
                noun.owner.is_some() && noun.ordinal.is_some() && doc.slice(s, noun.head).eq_ignore_ascii_case("round");
            if chunk.sym != reader.engine.symbols.visit_noun && !round {
                continue;
            }
            let framed = frames
                .iter()
                .any(|f| f.sentence == s && f.slot("noun").contains(&c) && !f.slot("destination").is_empty());
            if framed || !noun.places.is_empty() || (!noun.definite && noun.owner.is_none()) {
                continue;
            }
            let Some(target) = target(reader, drafts, (s, c), noun) else { continue };
            add(reader, &mut drafts[target], (s, c), noun);
        }
    }
}

/// The visit that the noun of a chunk means: "the trip", "his visit".
pub(super) fn at_noun(reader: &Reader<'_>, drafts: &[Draft], at: (usize, usize)) -> Option<usize> {
    match &reader.doc.sentences[at.0].chunks[at.1].kind {
        Kind::Noun(noun) => target(reader, drafts, at, noun),
        _ => None,
    }
}

fn target(reader: &Reader<'_>, drafts: &[Draft], at: (usize, usize), noun: &NounNp) -> Option<usize> {
    let owner = match noun.owner {
        Some(Owner::Chunk(c)) => Some(reader.entities.at((at.0, c))?),
        // a pronoun that means nobody who travels was read wrongly
        Some(Owner::Pronoun(p)) => reader
            .entities
            .recent(reader.doc, at, p)
            .filter(|o| drafts.iter().any(|d| d.visitor == *o && d.sentence <= at.0)),
        None => None,
    };
    // "his stay there": the place named last
    let chunks = &reader.doc.sentences[at.0].chunks;
    let there = chunks.get(at.1 + 1).is_some_and(|c| reader.engine.lexicon.name_of(c.sym) == "there");
    let news = drafts.iter().any(|d| !d.background);
    drafts
        .iter()
        .enumerate()
        .filter(|(_, d)| (!d.background || !news) && d.sentence <= at.0 && owner.is_none_or(|o| d.visitor == o))
        .max_by_key(|(i, d)| {
            let near = if there { d.sentence } else { usize::from(d.sentence == at.0) };
            (near, d.weight, usize::MAX - *i)
        })
        .map(|(i, _)| i)
}

fn add(reader: &Reader<'_>, d: &mut Draft, at: (usize, usize), noun: &NounNp) {
    let (s, place) = at;
    let sentence = &reader.doc.sentences[s];
    let own = noun.owner.and_then(|_| reader.counted(s, noun)).filter(|_| !reader.is_leg(s, noun));
    // "the trip was his first"
    let chunks = &sentence.chunks;
    let said = (place + 1..chunks.len().min(place + 6))
        .find(|k| reader.engine.lexicon.name_of(chunks[*k].sym) == "be.v")
        .and_then(|v| (v + 1..chunks.len().min(v + 4)).find_map(|k| reader.elliptic(s, k)));
    if let (None, Some((n, span))) = (d.ordinal, own.or(said)) {
        let since = reader.since(s, place);
        d.ordinal = Some(Ordinal { n, since: since.map(|(day, _)| day) });
        d.quotes.add("ordinal.n", (s, span), "coref:visit");
        if let Some((_, at)) = since {
            d.quotes.add("ordinal.since", at, "time");
        }
    }
    if d.kind == VisitKind::Unspecified
        && let Some((k, span)) = kind_of(noun)
    {
        d.kind = k;
        d.quotes.add("visit_kind", (s, span), "coref:visit");
    }
    for t in noun.times.iter().filter(|_| !crate::when::is_tour(reader.doc, s, noun)) {
        let e = &sentence.times[*t];
        let r = e.resolve(reader.doc.as_of, crate::time::Tense::Unknown);
        if d.when.days.is_none() && r.days.is_some() && r.start.is_none() {
            d.when.days = r.days;
            d.quotes.add("period.days", (s, (e.tokens.start as u32, e.tokens.end as u32)), "coref:visit");
        }
    }
}

/// Frames without a destination change the visit that they point back to.
pub(super) fn apply(reader: &Reader<'_>, pointers: Vec<Pointer>, drafts: &mut [Draft]) {
    use VisitStatus::{Completed, Confirmed, Ongoing, Planned, Rumored};
    for p in pointers {
        // "after he called off his trip in 2013"; "the last leg of the tour was dropped"
        let long_ago = p.when.start.zip(reader.doc.as_of).is_some_and(|(s, day)| (day - s.last_day()).num_days() > 45);
        if long_ago || leg(reader, p.at) {
            continue;
        }
        let open = drafts.iter().enumerate().filter(|(_, d)| {
            !d.background && (d.sentence <= p.at.0 || reader.doc.sentences[p.at.0].part != reader.doc.body)
        });
        let found = match p.visitor {
            Some(v) => open
                .filter(|(_, d)| d.visitor == v)
                .max_by_key(|(i, d)| (d.sentence == p.at.0, d.weight, usize::MAX - *i)),
            None => open.max_by_key(|(i, d)| (d.weight, usize::MAX - *i)),
        };
        let Some(i) = found.map(|(i, _)| i) else { continue };
        let d = &mut drafts[i];
        let before = d.status;
        d.status = match (p.firm, d.firm, d.status, p.status) {
            (true, false, Planned | Rumored | Confirmed, s) => s,
            (false, false, Planned | Rumored, Confirmed) => Confirmed,
            (true, false, s, Confirmed) => s,
            (true, false, _, s) => s,
            (false, false, Ongoing, Completed) if p.ends => Completed,
            (_, _, s, _) => s,
        };
        d.firm |= p.firm && p.status != Confirmed;
        if d.status != before {
            d.quotes.drop_path("status");
        }
        let mut take = vec!["status"];
        if p.new_dates && p.when.start.is_some() {
            d.when = p.when;
            d.span = None;
            d.quotes.drop_path("period.start");
            d.quotes.drop_path("period.end");
            take.extend(["period.start", "period.end"]);
        } else if d.when.start.zip(p.when.start).is_none_or(|(a, b)| a.overlaps(b)) {
            if d.when.start.is_none() && p.when.start.is_some() {
                d.when.start = p.when.start;
                d.span = None;
                take.push("period.start");
            }
            if d.when.end.is_none()
                && p.when.end.is_some_and(|e| d.when.start.is_none_or(|s| s.first_day() <= e.last_day()))
            {
                d.when.end = p.when.end;
                take.push("period.end");
            }
        }
        if let Some(s) = p.source.filter(|s| d.attribution.is_none() || s.announced) {
            d.quotes.drop_path("attribution.source");
            d.attribution = Some(s);
            take.extend(["attribution.source", "attribution.reported_on"]);
        }
        d.quotes.append(p.quotes, |path| take.contains(&path) && (path != "status" || d.status != before));
    }
}

/// The noun of a chunk is the whole of which only a leg is spoken of.
fn leg(reader: &Reader<'_>, at: (usize, usize)) -> bool {
    let sentence = &reader.doc.sentences[at.0];
    sentence.clauses.iter().filter(|c| c.chunks.contains(&at.1)).any(|c| {
        c.chunks.iter().take_while(|k| **k < at.1).any(|k| {
            let text = reader.doc.lower(at.0, sentence.chunks[*k].tokens);
            text.ends_with(" leg") || text.ends_with(" part")
        })
    })
}
