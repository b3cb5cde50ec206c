//! One visit for each visitor and destination of an article: drafts that tell of the same are merged, nouns that point back
//! ("his four-day visit") add what they say.

use dateline_model::{PartialDate, Period, VisitKind, VisitStatus};

use crate::chunk::{Kind, NounNp, Owner};
use crate::clause::Link;
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::visit::{Draft, Pointer, Reader, noun_kind};

/// Longest gap in days between two mentions of one visit.
const SLACK: i64 = 4;

/// Merges drafts in the order of the text (the title's come last: a headline only says what the text says better).
pub(crate) fn merge(reader: &Reader<'_>, drafts: Vec<Draft>) -> Vec<Draft> {
    let doc = reader.doc;
    let title = |d: &Draft| doc.sentences[d.sentence].part != doc.body;
    let (from_title, from_text): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| title(d));
    let mut out: Vec<Draft> = vec![];
    for d in from_text.into_iter().chain(from_title) {
        let late = title(&d);
        match out.iter_mut().find(|m| same(reader, m, &d)) {
            Some(m) => join(m, d, late),
            None => out.push(d),
        }
    }
    out
}

fn same(reader: &Reader<'_>, a: &Draft, b: &Draft) -> bool {
    if a.again != b.again && a.sentence == b.sentence {
        return false;
    }
    let (x, y) = (&reader.entities.list[a.visitor], &reader.entities.list[b.visitor]);
    let one = a.visitor == b.visitor
        || (x.person.is_some() && x.person == y.person)
        || (x.group && y.group && x.country.is_some() && x.country == y.country && !x.military);
    one && a.country == b.country && near(&a.when, &b.when) && !far_apart(a, b)
}

/// A mention of long ago is no mention of the present visit.
fn far_apart(a: &Draft, b: &Draft) -> bool {
    a.background != b.background
}

fn near(a: &Period, b: &Period) -> bool {
    let (Some(x), Some(y)) = (a.start, b.start) else { return true };
    let first = |p: PartialDate| p.first_day();
    let last = |p: &Period, s: PartialDate| p.end.map_or(s.last_day(), PartialDate::last_day).max(s.last_day());
    let gap = (first(y) - last(a, x)).num_days().max((first(x) - last(b, y)).num_days());
    gap <= SLACK
}

fn join(m: &mut Draft, d: Draft, late: bool) {
    let finer = match (m.when.start, d.when.start) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => b.precision() > a.precision() && a.contains(b),
        _ => false,
    };
    if finer {
        m.when.start = d.when.start;
        m.quotes.drop_path("period.start");
    }
    if m.when.end.is_none() && d.when.end.is_some_and(|e| m.when.start.is_none_or(|s| s.first_day() <= e.last_day())) {
        m.when.end = d.when.end;
    }
    if m.when.days.is_none() {
        m.when.days = d.when.days;
    }
    m.status = status(m, &d, late);
    m.firm |= d.firm;
    m.ended |= d.ended;
    if m.attribution.is_none() {
        m.attribution.clone_from(&d.attribution);
    }
    if m.kind == VisitKind::Unspecified
        || (m.kind == VisitKind::Summit && matches!(d.kind, VisitKind::State | VisitKind::Official))
    {
        m.kind = d.kind;
    }
    m.city = m.city.or(d.city);
    m.venue = m.venue.or(d.venue);
    m.host = m.host.or(d.host);
    m.ordinal = m.ordinal.or(d.ordinal);
    if m.purpose.is_none() {
        m.purpose = d.purpose;
    }
    m.weight = m.weight.max(d.weight);
    m.confidence = 1.0 - (1.0 - m.confidence) * (1.0 - d.confidence * 0.5);
    let taken = |path: &str| path != "period.start" || finer;
    let had: Vec<&str> = [
        "period.start",
        "period.end",
        "period.days",
        "visit_kind",
        "ordinal.n",
        "ordinal.since",
        "purpose",
        "host.name",
        "attribution.source",
        "attribution.reported_on",
    ]
    .into_iter()
    .filter(|p| m.quotes.has(p))
    .collect();
    m.quotes.append(d.quotes, |p| taken(p) && !had.contains(&p));
    if let (None, Some(PartialDate::Day(start)), Some(days)) =
        (m.when.end, m.when.start, m.when.days.filter(|d| *d > 0))
    {
        m.when.end = start.checked_add_days(chrono::Days::new(u64::from(days) - 1)).map(PartialDate::Day);
        let own = m.quotes.clone();
        m.quotes.take(&own, "period.days", "period.end");
    }
}

fn status(m: &Draft, d: &Draft, late: bool) -> VisitStatus {
    use VisitStatus::{Completed, Confirmed, Ongoing, Planned, Rumored};
    if m.firm || d.firm {
        return if d.firm && !m.firm { d.status } else { m.status };
    }
    match (m.status, d.status) {
        (a, _) if late => a,
        (Planned | Rumored, Confirmed) => Confirmed,
        (Rumored, Planned) => m.status,
        (Ongoing | Completed | Planned | Confirmed, Completed) if d.ended => Completed,
        (Completed, _) if m.ended => Completed,
        (Planned | Confirmed, Ongoing) => Ongoing,
        (Ongoing, Completed) | (Completed, Ongoing) => Ongoing,
        (a, _) => a,
    }
}

/// "the visit", "during his four-day visit": what they say goes to the visit that they point back to.
pub(crate) fn point_back(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let doc = reader.doc;
    for (s, sentence) in doc.sentences.iter().enumerate() {
        for (c, chunk) in sentence.chunks.iter().enumerate() {
            if chunk.sym != reader.engine.symbols.visit_noun {
                continue;
            }
            let Kind::Noun(noun) = &chunk.kind else { continue };
            let framed = frames
                .iter()
                .any(|f| f.sentence == s && f.slot("noun").contains(&c) && !f.slot("destination").is_empty());
            if framed || !noun.places.is_empty() || (!noun.definite && noun.owner.is_none()) {
                continue;
            }
            let Some(target) = target(reader, drafts, (s, c), noun) else { continue };
            add(reader, &mut drafts[target], s, noun);
        }
    }
}

fn target(reader: &Reader<'_>, drafts: &[Draft], at: (usize, usize), noun: &NounNp) -> Option<usize> {
    let owner = match noun.owner {
        Some(Owner::Chunk(c)) => Some(reader.entities.at((at.0, c))?),
        Some(Owner::Pronoun(p)) => reader.entities.recent(reader.doc, at, p),
        None => None,
    };
    let open = drafts.iter().enumerate().filter(|(_, d)| !d.background && d.sentence <= at.0);
    match owner {
        Some(o) => {
            open.filter(|(_, d)| d.visitor == o).max_by_key(|(i, d)| (d.weight, usize::MAX - *i)).map(|(i, _)| i)
        }
        None => open.max_by_key(|(i, d)| (d.weight, usize::MAX - *i)).map(|(i, _)| i),
    }
}

fn add(reader: &Reader<'_>, d: &mut Draft, s: usize, noun: &NounNp) {
    let sentence = &reader.doc.sentences[s];
    if d.kind == VisitKind::Unspecified
        && let Some((k, span)) = noun_kind(noun)
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
            if d.when.end.is_none()
                && let (Some(PartialDate::Day(start)), Some(days)) = (d.when.start, r.days)
                && days > 0
            {
                d.when.end = start.checked_add_days(chrono::Days::new(u64::from(days) - 1)).map(PartialDate::Day);
                d.quotes.add("period.end", (s, (e.tokens.start as u32, e.tokens.end as u32)), "coref:visit");
            }
        }
    }
}

/// Hosts and cities that other sentences name: the most senior local person in a clause with the visitor, the city that
/// the visitor's clauses are set in.
pub(crate) fn surroundings(reader: &Reader<'_>, drafts: &mut [Draft]) {
    let doc = reader.doc;
    for d in drafts.iter_mut() {
        let mut host: Option<(u8, usize, (usize, usize))> = None;
        let mut city: Option<(u32, (usize, usize))> = None;
        for (s, sentence) in doc.sentences.iter().enumerate() {
            for clause in &sentence.clauses {
                let here = clause.chunks.iter().any(|c| reader.entities.at((s, *c)) == Some(d.visitor))
                    || (s == d.sentence && clause.link != Link::Main);
                if !here {
                    continue;
                }
                let says =
                    clause.group(&sentence.chunks).is_some_and(|v| v.syms.iter().any(|x| reader.engine.speaks(*x)));
                for c in &clause.chunks {
                    match &sentence.chunks[*c].kind {
                        Kind::Person(_) if d.host.is_none() && !says => {
                            if let Some(e) = reader.entities.at((s, *c))
                                && let Some(rank) = reader.host_rank(e, d)
                                && host.is_none_or(|(r, ..)| rank < r)
                            {
                                host = Some((rank, e, (s, *c)));
                            }
                        }
                        Kind::Place(p) if d.city.is_none() && city.is_none() && !d.background => {
                            let (country, found, _) =
                                crate::entity::resolve_place(reader.engine, doc, p, &reader.context);
                            let inside = c.checked_sub(1).is_some_and(|b| {
                                reader.engine.symbols.place_prepositions.contains(&sentence.chunks[b].sym)
                                    && sentence.chunks[b].sym != sym::COMMA
                            });
                            if country == Some(d.country)
                                && let Some(found) = found
                                && inside
                            {
                                city = Some((found, (s, *c)));
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        if let Some((_, e, at)) = host {
            d.host = Some(e);
            d.quotes.add("host.name", (at.0, doc.sentences[at.0].chunks[at.1].tokens), "host:met");
            d.quotes.add("host.name", reader.entities.list[e].name_at, "coref:name");
        }
        if let Some((found, at)) = city {
            d.city = Some(found);
            d.quotes.add("destination.city", (at.0, doc.sentences[at.0].chunks[at.1].tokens), "city:clause");
        }
    }
}

impl Reader<'_> {
    /// How senior a local person is as a host (0 is most), `None` for anybody else.
    pub(crate) fn host_rank(&self, entity: usize, d: &Draft) -> Option<u8> {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState, Minister};
        let e = &self.entities.list[entity];
        let home = e.country.map(|c| self.doc.day.map_or(c, |day| self.engine.gazetteer.country_at(c, day)));
        if e.group || e.anonymous || !e.named || e.former || entity == d.visitor || home != Some(d.country) {
            return None;
        }
        Some(match e.role.map(|r| self.engine.gazetteer.role(r).class) {
            Some(HeadOfState | HeadOfGovernment) => 0,
            Some(Minister) => 1,
            Some(_) => 2,
            None => return None,
        })
    }
}

/// Frames without a destination change the visit that they point back to.
pub(crate) fn apply(reader: &Reader<'_>, pointers: Vec<Pointer>, drafts: &mut [Draft]) {
    use VisitStatus::{Completed, Confirmed, Ongoing, Planned, Rumored};
    for p in pointers {
        let open = drafts.iter().enumerate().filter(|(_, d)| {
            !d.background && (d.sentence <= p.at.0 || reader.doc.sentences[p.at.0].part != reader.doc.body)
        });
        let found = match p.visitor {
            Some(v) => open.filter(|(_, d)| d.visitor == v).max_by_key(|(i, d)| (d.weight, usize::MAX - *i)),
            None => open.max_by_key(|(i, d)| (d.weight, usize::MAX - *i)),
        };
        let Some(i) = found.map(|(i, _)| i) else { continue };
        let d = &mut drafts[i];
        let before = d.status;
        d.status = match (p.firm, d.firm, d.status, p.status) {
            (true, false, Planned | Rumored | Confirmed, s) => s,
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
            d.quotes.drop_path("period.start");
            d.quotes.drop_path("period.end");
            take.extend(["period.start", "period.end"]);
        } else {
            if d.when.start.is_none() && p.when.start.is_some() {
                d.when.start = p.when.start;
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

/// What visits are for: what they coincide with, what the visitor is to attend, "for talks".
pub(crate) fn purposes(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let doc = reader.doc;
    for d in drafts.iter_mut().filter(|d| d.purpose.is_none()) {
        let sentence = &doc.sentences[d.sentence];
        let noun = |c: usize| {
            matches!(sentence.chunks[c].kind, Kind::Noun(_))
                && sentence.chunks[c].sym != reader.engine.symbols.visit_noun
        };
        let mut found: Option<(usize, (u32, u32))> = None;
        for clause in &sentence.clauses {
            let text = |from: usize, to: usize| (sentence.chunks[from].tokens.0, sentence.chunks[to].tokens.1);
            let verb = clause
                .group(&sentence.chunks)
                .map(|v| reader.engine.lexicon.name_of(v.syms[0]).to_owned())
                .unwrap_or_default();
            if (verb.starts_with("coincide") || verb.starts_with("attend"))
                && let Some(v) = clause.verb
            {
                let tail: Vec<usize> = clause.chunks.iter().copied().filter(|c| *c > v).collect();
                let end = tail.iter().position(|c| sentence.chunks[*c].sym == sym::COMMA).unwrap_or(tail.len().min(3));
                if let (Some(a), Some(b)) = (tail.first(), tail.get(end.saturating_sub(1)))
                    && noun(*a)
                {
                    found = Some((d.sentence, text(*a, *b)));
                    break;
                }
            }
            let purpose = clause.chunks.windows(2).find(|w| {
                reader.engine.lexicon.name_of(sentence.chunks[w[0]].sym) == "for" && w[1] == w[0] + 1 && noun(w[1])
            });
            if found.is_none()
                && let Some(w) = purpose
            {
                found = Some((d.sentence, sentence.chunks[w[1]].tokens));
            }
        }
        if found.is_none() {
            let attended = frames.iter().find(|f| {
                f.slot("attendee").iter().any(|c| reader.entities.at((f.sentence, *c)) == Some(d.visitor))
                    && !f.slot("noun").is_empty()
            });
            found = attended
                .and_then(|f| Some((f.sentence, doc.sentences[f.sentence].chunks[*f.slot("noun").first()?].tokens)));
        }
        if let Some((s, tokens)) = found {
            d.purpose = Some(crate::entity::clean_name(doc.slice(s, tokens)));
            d.quotes.add("purpose", (s, tokens), "purpose");
        }
    }
}
