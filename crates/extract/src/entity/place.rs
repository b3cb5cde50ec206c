//! What a printed place means.

use crate::Engine;
use crate::chunk::PlaceNp;
use crate::document::Document;

/// The country that a place is in, and its city, in the light of the countries that the article speaks of.
pub(crate) fn resolve_place(
    engine: &Engine,
    doc: &Document<'_>,
    place: &PlaceNp,
    context: &[u32],
) -> (Option<u32>, Option<u32>, Option<u32>) {
    let gaz = &engine.gazetteer;
    match place {
        PlaceNp::Country(c) => (Some(*c), None, None),
        PlaceNp::Cities(list) => {
            let city = gaz.resolve_city(list, context);
            (city.map(|c| gaz.city(c).country), city, None)
        }
        PlaceNp::Region(r) => (Some(gaz.region(*r).country), None, None),
        PlaceNp::Venue(v) => {
            let venue = gaz.venue(*v);
            (Some(venue.country), venue.city, Some(*v))
        }
        PlaceNp::Capital(Some(c)) => {
            let capital = doc.day.map_or(gaz.country(*c).capital, |d| gaz.country(*c).capital_at(d));
            (Some(*c), capital, None)
        }
        PlaceNp::Here | PlaceNp::Capital(None) => match &doc.dateline.place {
            Some((p, _)) if !matches!(p, PlaceNp::Here | PlaceNp::Capital(None)) => {
                resolve_place(engine, doc, p, context)
            }
            _ => (None, None, None),
        },
    }
}
