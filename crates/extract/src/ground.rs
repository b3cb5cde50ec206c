//! Visits whose place no clause names: "the minister arrives on Monday" goes to where the article speaks from, or to where its
//! main visit goes.

use crate::chunk::{Kind, PlaceNp, Tokens};
use crate::frame::Frame;
use crate::visit::{Draft, Reader};

/// Where a visitor is whose place no clause names, and what says so.
enum Ground {
    Dateline(PlaceNp),
    /// The country that a text without a dateline speaks of most: sentence and tokens that name it first.
    Matter(PlaceNp, (usize, Tokens)),
    /// The headline of a live page that has no dateline: sentence and tokens.
    Title(PlaceNp, (usize, Tokens)),
    /// The destination of the main visit: number of its draft.
    Visit(PlaceNp, usize),
}

impl Ground {
    fn place(&self) -> &PlaceNp {
        match self {
            Self::Dateline(p) | Self::Title(p, _) | Self::Matter(p, _) | Self::Visit(p, _) => p,
        }
    }
}

impl Reader<'_> {
    /// The drafts of frames without a place, for visitors of whom no other frame tells.
    pub(crate) fn grounded(&self, frames: &[Frame], drafts: &[Draft]) -> Vec<Draft> {
        let mut out: Vec<Draft> = vec![];
        for f in frames {
            let effects = &self.engine.rule(f.rule).effects;
            let here = f.slot("destination").iter().any(|c| {
                let chunk = &self.doc.sentences[f.sentence].chunks[*c];
                self.engine.lexicon.name_of(chunk.sym) == "here"
            });
            let visiting = effects.destination.as_deref() == Some("other");
            if !(effects.ground || here || visiting) || !self.places(f).is_empty() {
                continue;
            }
            // "flew in from Tokyo" says where from, not where to
            let placed = |g: &Frame| {
                let ends = self.engine.rule(g.rule).effects.phase.as_deref() == Some("end");
                g.sentence == f.sentence
                    && g.clause == f.clause
                    && !g.slot("destination").is_empty()
                    && (!ends || effects.phase.as_deref() == Some("end"))
            };
            if !here && !effects.homeward && frames.iter().any(placed) {
                continue;
            }
            let known = |e: usize| self.entities.list[e].country.is_some();
            for (visitor, _) in self.visitors(f).into_iter().filter(|(v, _)| known(*v)) {
                let told = |d: &Draft| d.visitor == visitor && !d.background && !d.passed;
                if drafts.iter().chain(&out).any(told) {
                    continue;
                }
                let ground = self.ground(visitor, drafts);
                let Some(ground) = ground.or_else(|| (here || visiting).then(|| self.matter(visitor)).flatten()) else {
                    continue;
                };
                let mut found = self.read(f, Some(ground.place())).drafts;
                found.retain(|d| d.visitor == visitor);
                for d in &mut found {
                    evidence(d, &ground, drafts);
                    d.confidence *= 0.9;
                }
                out.append(&mut found);
            }
        }
        out
    }

    /// The foreign country that the first sentences of a text without a dateline name most.
    fn matter(&self, visitor: usize) -> Option<Ground> {
        if self.doc.dateline.place.is_some() {
            return None;
        }
        let home = self.home(visitor);
        let mut named: Vec<(u32, u32, (usize, Tokens))> = vec![];
        let body = self.doc.sentences.iter().enumerate().filter(|(_, s)| s.part == self.doc.body).take(6);
        for (s, c, chunk) in body.flat_map(|(s, x)| x.chunks.iter().enumerate().map(move |(c, k)| (s, c, k))) {
            let country = match &chunk.kind {
                Kind::Place(p) => self.country_of(p),
                Kind::Person(_) | Kind::Group(_) => {
                    self.entities.at((s, c)).and_then(|e| self.entities.list[e].country)
                }
                Kind::Noun(n) => n.countries.first().map(|(c, _)| *c),
                _ => None,
            };
            let body = |c: u32| ["UN", "EU"].contains(&&*self.engine.gazetteer.country(c).code);
            let Some(country) = country.map(|c| self.on_the_day(c)).filter(|c| Some(*c) != home && !body(*c)) else {
                continue;
            };
            match named.iter_mut().find(|(k, ..)| *k == country) {
                Some((_, n, _)) => *n += 1,
                None => named.push((country, 1, (s, chunk.tokens))),
            }
        }
        named.sort_by_key(|(_, n, _)| std::cmp::Reverse(*n));
        match named.as_slice() {
            [(country, n, at), rest @ ..] if rest.first().is_none_or(|(_, m, _)| m < n) => {
                Some(Ground::Matter(PlaceNp::Country(*country), *at))
            }
            _ => None,
        }
    }

    /// Where a foreigner is: the place of the dateline, else of the headline, else the destination of the main visit.
    fn ground(&self, visitor: usize, drafts: &[Draft]) -> Option<Ground> {
        let home = self.home(visitor);
        let foreign = |p: &PlaceNp| {
            let country = self.country_of(p).map(|c| self.on_the_day(c));
            country.is_some() && country != home
        };
        match &self.doc.dateline.place {
            Some((place, _)) if foreign(place) => return Some(Ground::Dateline(place.clone())),
            Some(_) => {}
            None => {
                let titles = self.doc.sentences.iter().enumerate().filter(|(_, s)| s.part != self.doc.body);
                let mut named =
                    titles.flat_map(|(s, x)| x.chunks.iter().map(move |c| (s, c))).filter_map(|(s, c)| match &c.kind {
                        Kind::Place(p) => Some((p.clone(), (s, c.tokens))),
                        Kind::Noun(n) => n.places.first().map(|(p, at)| (p.clone(), (s, *at))),
                        _ => None,
                    });
                if let Some((place, at)) = named.next().filter(|(p, _)| foreign(p)) {
                    return Some(Ground::Title(place, at));
                }
            }
        }
        let main = drafts.iter().enumerate().filter(|(_, d)| !d.background && Some(d.country) != home);
        let (i, d) = main.max_by_key(|(i, d)| (d.weight, usize::MAX - *i))?;
        Some(Ground::Visit(d.city.map_or(PlaceNp::Country(d.country), |c| PlaceNp::Cities(vec![c])), i))
    }
}

/// What stands behind the destination: not the verb, but what names the place.
fn evidence(d: &mut Draft, ground: &Ground, drafts: &[Draft]) {
    for path in ["destination.country", "destination.city", "destination.venue"] {
        if !d.quotes.has(path) {
            continue;
        }
        d.quotes.drop_path(path);
        match ground {
            Ground::Dateline(_) => d.quotes.add_dateline(path, "ground:dateline"),
            Ground::Title(_, at) => d.quotes.add(path, *at, "ground:title"),
            Ground::Matter(_, at) => d.quotes.add(path, *at, "ground:matter"),
            Ground::Visit(_, from) => d.quotes.take(&drafts[*from].quotes, path, path),
        }
    }
}
