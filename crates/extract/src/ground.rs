//! Visits whose place no clause names: "the minister arrives on Monday" goes to where the article speaks from, or to where its
//! main visit goes.

use crate::chunk::{Kind, PlaceNp};
use crate::entity::resolve_place;
use crate::frame::Frame;
use crate::visit::{Draft, Reader};

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
            let placed =
                |g: &Frame| g.sentence == f.sentence && g.clause == f.clause && !g.slot("destination").is_empty();
            let elsewhere = !here && !effects.homeward && frames.iter().any(placed);
            if !(effects.ground || here) || elsewhere || !self.places(f).is_empty() {
                continue;
            }
            let known = |e: usize| self.entities.list[e].country.is_some();
            for (visitor, _) in self.visitors(f).into_iter().filter(|(v, _)| known(*v)) {
                let told = |d: &Draft| d.visitor == visitor && !d.background;
                if drafts.iter().chain(&out).any(told) {
                    continue;
                }
                let Some((place, from)) = self.ground(visitor, drafts) else { continue };
                let mut found = self.read(f, Some(&place)).drafts;
                found.retain(|d| d.visitor == visitor);
                for d in &mut found {
                    match from {
                        Some(from) => {
                            for path in ["destination.country", "destination.city"] {
                                d.quotes.drop_path(path);
                                d.quotes.take(&drafts[from].quotes, path, path);
                            }
                        }
                        None => d.quotes.add_dateline("destination.country", "ground:dateline"),
                    }
                    d.confidence *= 0.9;
                }
                out.append(&mut found);
            }
        }
        out
    }

    /// Where a foreigner is: the place of the dateline, else the destination of the main visit (with its draft).
    fn ground(&self, visitor: usize, drafts: &[Draft]) -> Option<(PlaceNp, Option<usize>)> {
        let home = self.entities.list[visitor].country.map(|c| self.on_the_day(c));
        if let Some((place, _)) = &self.doc.dateline.place {
            let country = resolve_place(self.engine, self.doc, place, &self.context).0.map(|c| self.on_the_day(c));
            if country.is_some() && country != home {
                return Some((place.clone(), None));
            }
        }
        // a live page without a dateline: its headline says where
        let title = self.doc.sentences.iter().enumerate().filter(|(_, s)| s.part != self.doc.body);
        let mut named = title.flat_map(|(_, s)| s.chunks.iter()).filter_map(|c| match &c.kind {
            Kind::Place(p) => Some(p.clone()),
            Kind::Noun(n) => n.places.first().map(|(p, _)| p.clone()),
            _ => None,
        });
        let foreign = |p: &PlaceNp| {
            let country = resolve_place(self.engine, self.doc, p, &self.context).0.map(|c| self.on_the_day(c));
            country.is_some() && country != home
        };
        if self.doc.dateline.place.is_none()
            && let Some(place) = named.next().filter(foreign)
        {
            return Some((place, None));
        }
        let main = drafts.iter().enumerate().filter(|(_, d)| !d.background && Some(d.country) != home);
        let (i, d) = main.max_by_key(|(i, d)| (d.weight, usize::MAX - *i))?;
        Some((d.city.map_or(PlaceNp::Country(d.country), |c| PlaceNp::Cities(vec![c])), Some(i)))
    }
}
