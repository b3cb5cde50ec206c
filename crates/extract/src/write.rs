//! Drafts and entities as the contracts write them.

use dateline_model::{Actor, Attribution, Place, Plover, Visit, VisitStatus, Visitor};

use crate::entity::Entity;
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};

impl Reader<'_> {
    /// The mention of a draft.
    pub(crate) fn visit(&self, d: &Draft, primary: bool) -> Visit {
        let e = &self.entities.list[d.visitor];
        let mut quotes = d.quotes.clone();
        let actor = self.actor(e, "visitor", &mut quotes);
        let host = d.host.map(|h| self.actor(&self.entities.list[h], "host", &mut quotes));
        let delegation = d
            .delegation
            .iter()
            .enumerate()
            .map(|(i, (e, at))| {
                let path = format!("delegation.{i}");
                quotes.add(&format!("{path}.name"), *at, "party");
                self.actor(&self.entities.list[*e], &path, &mut quotes)
            })
            .collect();
        for (i, (_, at)) in d.topics.iter().enumerate() {
            quotes.add(&format!("topics.{i}"), *at, "topic");
        }
        let place = self.place(d.country, d.city, d.venue);
        let attribution =
            d.attribution.as_ref().map(|a| Attribution { source: a.text.clone(), reported_on: a.reported_on });
        let announced = matches!(d.status, VisitStatus::Planned | VisitStatus::Confirmed | VisitStatus::Rumored);
        let plover = if announced {
            Plover { event: "AGREE".to_owned(), mode: Some("visit".to_owned()) }
        } else {
            Plover { event: "CONSULT".to_owned(), mode: Some("visit".to_owned()) }
        };
        Visit {
            visitor: Visitor { actor, named: e.named },
            host,
            destination: place,
            period: d.when,
            visit_kind: d.kind,
            status: d.status,
            certainty: d.certainty,
            attribution,
            purpose: d.purpose.clone(),
            topics: d.topics.iter().map(|(t, _)| t.clone()).collect(),
            ordinal: d.ordinal,
            delegation,
            primary,
            plover,
            cameo: Some(if announced { "036" } else { "042" }.to_owned()),
            confidence: self.engine.calibration.visit(d.confidence),
            evidence: quotes.finish(self.doc),
        }
    }

    pub(crate) fn place(&self, country: u32, city: Option<u32>, venue: Option<u32>) -> Place {
        let gaz = &self.engine.gazetteer;
        let city = city.map(|c| gaz.city(c));
        Place {
            country: Some(gaz.country(country).code.to_string()),
            city: city.map(|c| c.name.to_string()),
            venue: venue.map(|v| gaz.venue(v).name.to_string()),
            geonames_id: city.map(|c| c.id),
            lat: city.map(|c| c.lat),
            lon: city.map(|c| c.lon),
        }
    }

    /// An entity as an actor, with evidence under `path`.
    pub(crate) fn actor(&self, e: &Entity, path: &str, quotes: &mut Quotes) -> Actor {
        let gaz = &self.engine.gazetteer;
        let role = self.role(e);
        let country = e.country.map(|c| gaz.country(self.on_the_day(c)).code.to_string());
        let name_at = e.name_at;
        if country.is_some() {
            quotes.add(
                &format!("{path}.country"),
                e.country_at.unwrap_or(name_at),
                if e.country_at.is_some() { "country" } else { "gazetteer" },
            );
        }
        if role.is_some() {
            quotes.add(
                &format!("{path}.role"),
                e.role_at.unwrap_or(name_at),
                if e.role_at.is_some() { "role" } else { "gazetteer" },
            );
        }
        let entity_id = e.person.map(|p| gaz.person(p).id.to_string());
        if entity_id.is_some() {
            quotes.add(&format!("{path}.entity_id"), name_at, "gazetteer");
        }
        if e.count.is_some() {
            quotes.add(&format!("{path}.count"), name_at, "count");
        }
        Actor { name: e.name.clone(), entity_id, country, role, group: e.group, count: e.count }
    }

    pub(crate) fn role(&self, e: &Entity) -> Option<String> {
        if e.group {
            return Some("delegation".to_owned());
        }
        let name = match e.role {
            Some(r) => self.engine.gazetteer.role(r).name.to_string(),
            None if e.leader => "leader".to_owned(),
            None => return None,
        };
        Some(match (e.former, e.deputy) {
            (true, _) => format!("former {name}"),
            (_, true) => format!("deputy {name}"),
            _ => name,
        })
    }
}
