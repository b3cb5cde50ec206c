//! From data files to the tables: reading, overriding by id, and tying entries together.

use std::path::Path;

use rustc_hash::FxHashMap;

use crate::body::{self, Edition, Event, Organisation};
use crate::country::{self, Country, Demonym};
use crate::entry::{Case, Kind};
use crate::fold::fold_name;
use crate::given::{self, GivenNames};
use crate::index::Index;
use crate::person::{self, Body, Person};
use crate::place::{self, City, Region, Venue};
use crate::role::{self, Modifier, Role, RoleId, Title};
use crate::source::{self, Origin, Source, Table, Text};
use crate::{Error, Gazetteer};

impl Gazetteer {
    /// The gazetteer of the data compiled in. An error is a fault of the build, and a test forbids it.
    pub fn load() -> Result<Self, Error> {
        build(&source::built_in(), 0)
    }

    /// The same with the files of a folder on top. A file is named `<table>[-anything].<toml|tsv>` and has the form of the table's
    /// own file. An entry whose id (code, name of a role) is known replaces that entry, any other is added; rows of given names
    /// override single names. Files that are neither `.toml` nor `.tsv` are passed by.
    pub fn load_with_extra(dir: &Path) -> Result<Self, Error> {
        let mut sources = source::built_in();
        let own = sources.len();
        sources.extend(source::from_folder(dir)?);
        // Tables refer to those before them, so extra countries must be read before the built-in people; the sort is stable, so that
        // the operator's file of a table comes after the built-in one.
        let mut order: Vec<(bool, Source)> = sources.into_iter().enumerate().map(|(i, s)| (i >= own, s)).collect();
        order.sort_by_key(|(extra, s)| (s.table, *extra));
        let extra = order.iter().filter(|(e, _)| *e).count();
        build(&order.into_iter().map(|(_, s)| s).collect::<Vec<_>>(), extra)
    }
}

/// Entries in order of first appearance, replaced in place when their id comes again.
struct ById<T> {
    items: Vec<T>,
    at: FxHashMap<String, usize>,
}

impl<T> Default for ById<T> {
    fn default() -> Self {
        Self { items: Vec::new(), at: FxHashMap::default() }
    }
}

impl<T> ById<T> {
    /// Puts the item in, in the place of the one with the same id if there is one.
    fn put(&mut self, id: &str, item: T) {
        if let Some(&at) = self.at.get(id) {
            self.items[at] = item;
        } else {
            self.at.insert(id.to_owned(), self.items.len());
            self.items.push(item);
        }
    }
}

/// Forbids that one file holds an id twice: the second would replace the first in silence.
#[derive(Default)]
struct Once(rustc_hash::FxHashSet<(Table, std::rc::Rc<str>, String)>);

impl Once {
    fn check(&mut self, table: Table, origin: &Origin, id: &str) -> Result<(), Error> {
        if self.0.insert((table, origin.file.clone(), id.to_owned())) {
            Ok(())
        } else {
            Err(origin.error(id, "this id occurs twice in the file"))
        }
    }
}

fn build(sources: &[Source], extra: usize) -> Result<Gazetteer, Error> {
    let of = |table: Table| sources.iter().filter(move |s| s.table == table);
    let mut once = Once::default();

    let mut raw_countries: ById<(Origin, country::Raw)> = ById::default();
    for source in of(Table::Countries) {
        for (origin, raw) in country::read(source)? {
            once.check(source.table, &origin, &raw.code)?;
            raw_countries.put(&raw.code.clone(), (origin, raw));
        }
    }
    let mut countries =
        raw_countries.items.iter().map(|(o, raw)| raw.build(o)).collect::<Result<Vec<Country>, Error>>()?;
    let codes: FxHashMap<String, u32> =
        countries.iter().enumerate().map(|(i, c)| (c.code.clone().into_owned(), i as u32)).collect();
    let country = |code: &str| codes.get(code).copied();
    let country_of = |origin: &Origin, entry: &str, code: &str| {
        country(code).ok_or_else(|| origin.error(entry, format!("unknown country `{code}`")))
    };
    for ((origin, raw), built) in raw_countries.items.iter().zip(&countries) {
        for code in built.before.iter().chain(&built.after).map(|(_, c)| c) {
            country_of(origin, &raw.code, code)?;
        }
    }

    let mut raw_regions: ById<(Origin, place::RawRegion)> = ById::default();
    for source in of(Table::Regions) {
        for (origin, raw) in place::read_regions(source)? {
            once.check(source.table, &origin, &raw.id)?;
            raw_regions.put(&raw.id.clone(), (origin, raw));
        }
    }

    let mut cities: ById<City> = ById::default();
    for source in of(Table::Cities) {
        for row in source::read_tsv(source, place::CITY_COLUMNS)? {
            once.check(source.table, &row.origin, &row.get(0))?;
            let (mut city, region) = place::read_city(&row, country)?;
            if !region.is_empty() {
                let known = raw_regions.at.get(&*region).map(|at| *at as u32);
                city.region = Some(known.ok_or_else(|| row.error(format!("unknown region `{region}`")))?);
            }
            cities.put(&row.get(0), city);
        }
    }
    let cities = cities.items;
    let mut city_index = Index::default();
    for (i, city) in cities.iter().enumerate() {
        city_index.add(&city.name, Kind::City, i as u32, Case::Capitalised);
        city.alternates().for_each(|name| city_index.add(name, Kind::City, i as u32, Case::Capitalised));
    }
    city_index.finish();
    // `Moscow` within the entry's own country, `Moscow, RU` within that of the code.
    let find_city = |name: &str, within: Option<u32>| {
        let (name, within) = match name.rsplit_once(", ") {
            Some((city, code)) if country(code).is_some() => (city, country(code)),
            _ => (name, within),
        };
        let folded = fold_name(name).join(" ");
        city_index
            .get(&folded)
            .map(|p| p.entry.index)
            .filter(|i| within.is_none_or(|c| cities[*i as usize].country == c))
            .max_by_key(|i| (cities[*i as usize].population, std::cmp::Reverse(*i)))
    };
    let city_of = |origin: &Origin, entry: &str, name: &str, within: Option<u32>| {
        find_city(name, within).ok_or_else(|| origin.error(entry, format!("unknown city `{name}`")))
    };
    for (i, (origin, raw)) in raw_countries.items.iter().enumerate() {
        let capital = |name: &str| city_of(origin, &raw.code, name, Some(i as u32));
        countries[i].capital = raw.capital.as_deref().map(capital).transpose()?;
        for past in &raw.capitals_before {
            let until = crate::Day::parse_first(&past.until)
                .ok_or_else(|| origin.error(&raw.code, format!("`{}` is no date", past.until)))?;
            countries[i].capitals_before.push((until, capital(&past.value)?));
        }
    }

    let mut regions = Vec::with_capacity(raw_regions.items.len());
    for (origin, raw) in &raw_regions.items {
        let inside = country_of(origin, &raw.id, &raw.country)?;
        regions.push(Region {
            id: raw.id.clone().into(),
            name: raw.name.clone().into(),
            aliases: owned(&raw.aliases),
            country: inside,
            class: raw.class.clone().into(),
            capital: raw.capital.as_deref().map(|c| city_of(origin, &raw.id, c, Some(inside))).transpose()?,
        });
    }

    let (roles, titles, modifiers) = build_roles(of(Table::Roles), &country, &mut once)?;
    let role_names: FxHashMap<String, RoleId> =
        roles.iter().enumerate().map(|(i, r)| (r.name.clone().into_owned(), RoleId(i as u16))).collect();
    for (i, (origin, raw)) in raw_countries.items.iter().enumerate() {
        if let Some(name) = &raw.leader {
            let role = role_names.get(name);
            countries[i].leader = Some(*role.ok_or_else(|| origin.error(&raw.code, format!("unknown role `{name}`")))?);
        }
    }

    let mut raw_organisations: ById<Organisation> = ById::default();
    for source in of(Table::Organisations) {
        for (origin, raw) in body::read_organisations(source)? {
            once.check(source.table, &origin, &raw.id)?;
            let seat = raw.country.as_deref().map(|c| country_of(&origin, &raw.id, c)).transpose()?;
            let organisation = Organisation {
                id: raw.id.clone().into(),
                name: raw.name.clone().into(),
                aliases: owned(&raw.aliases),
                upper: owned(&raw.upper),
                as_country: raw.as_country.as_deref().map(|c| country_of(&origin, &raw.id, c)).transpose()?,
                country: seat,
                city: raw.city.as_deref().map(|c| city_of(&origin, &raw.id, c, seat)).transpose()?,
                class: raw.class,
            };
            raw_organisations.put(&raw.id, organisation);
        }
    }
    let organisation_ids = raw_organisations.at;
    let organisations = raw_organisations.items;

    let mut venues: ById<Venue> = ById::default();
    for source in of(Table::Venues) {
        for (origin, raw) in place::read_venues(source)? {
            once.check(source.table, &origin, &raw.id)?;
            let inside = country_of(&origin, &raw.id, &raw.country)?;
            let office = match &raw.office {
                None => None,
                Some(name) => {
                    Some(*role_names.get(name).ok_or_else(|| origin.error(&raw.id, format!("unknown role `{name}`")))?)
                }
            };
            let venue = Venue {
                id: raw.id.clone().into(),
                name: raw.name.into(),
                aliases: owned(&raw.aliases),
                country: inside,
                city: raw.city.as_deref().map(|c| city_of(&origin, &raw.id, c, Some(inside))).transpose()?,
                place: raw.place,
                government: raw.government,
                office,
            };
            venues.put(&raw.id, venue);
        }
    }

    let mut events: ById<Event> = ById::default();
    for source in of(Table::Events) {
        for (origin, raw) in body::read_events(source)? {
            once.check(source.table, &origin, &raw.id)?;
            let inside = raw.country.as_deref().map(|c| country_of(&origin, &raw.id, c)).transpose()?;
            let organisation = match &raw.organisation {
                None => None,
                Some(id) => Some(
                    *organisation_ids
                        .get(id)
                        .ok_or_else(|| origin.error(&raw.id, format!("unknown organisation `{id}`")))?
                        as u32,
                ),
            };
            let mut editions = Vec::with_capacity(raw.editions.len());
            for text in &raw.editions {
                let (from, to, code, place) = body::read_edition(text, &raw.id, &origin)?;
                let ground = if code.is_empty() { inside } else { Some(country_of(&origin, &raw.id, code)?) };
                let city = find_city(place, ground);
                editions.push(Edition { from, to, country: ground, city, place: Text::Owned(place.to_owned()) });
            }
            editions.sort_by_key(|e| (e.from, e.to));
            let event = Event {
                id: raw.id.clone().into(),
                name: raw.name.clone().into(),
                aliases: owned(&raw.aliases),
                class: raw.class,
                organisation,
                country: inside,
                city: raw.city.as_deref().map(|c| city_of(&origin, &raw.id, c, inside)).transpose()?,
                yearly: raw.yearly(&origin)?,
                editions,
            };
            events.put(&raw.id, event);
        }
    }

    let lookup = Names { codes: &codes, organisations: &organisation_ids, roles: &role_names };
    let mut people: ById<Person> = ById::default();
    for source in of(Table::People) {
        for row in source::read_tsv(source, person::COLUMNS)? {
            once.check(source.table, &row.origin, &row.get(0))?;
            people.put(&row.get(0), person::read(&row, &lookup)?);
        }
    }

    let mut given_names = GivenNames::default();
    for (n, source) in of(Table::GivenNames).enumerate() {
        for row in source::read_tsv(source, given::COLUMNS)? {
            given_names.add(&row, n > 0)?;
        }
    }

    let demonyms = build_demonyms(&raw_countries.items, &raw_regions.items, &country)?;
    Ok(Gazetteer::assemble(
        crate::gazetteer::Tables {
            countries,
            demonyms,
            regions,
            cities,
            roles,
            titles,
            organisations,
            venues: venues.items,
            events: events.items,
            people: people.items,
        },
        modifiers,
        given_names,
        version(sources, extra),
    ))
}

fn owned(list: &[String]) -> Vec<Text> {
    list.iter().map(|s| Text::Owned(s.clone())).collect()
}

type RoleTables = (Vec<Role>, Vec<Title>, FxHashMap<String, Modifier>);

fn build_roles<'a>(
    sources: impl Iterator<Item = &'a Source>,
    country: &impl Fn(&str) -> Option<u32>,
    once: &mut Once,
) -> Result<RoleTables, Error> {
    let mut modifiers = FxHashMap::default();
    let mut raw_roles: ById<role::RawRole> = ById::default();
    let mut raw_titles = Vec::new();
    for source in sources {
        let (more, roles, titles) = role::read(source)?;
        modifiers.extend(more.into_iter().map(|(word, m)| (fold_name(&word).join(" "), m)));
        for (origin, raw) in roles {
            once.check(source.table, &origin, &raw.name)?;
            raw_roles.put(&raw.name.clone(), raw);
        }
        raw_titles.extend(titles);
    }
    let mut titles = Vec::new();
    let mut roles = Vec::new();
    for (i, raw) in raw_roles.items.iter().enumerate() {
        let role = RoleId(i as u16);
        let mut add = |words: &str, plural: bool, case: Case, needs_country: bool| {
            let words = Text::Owned(words.to_owned());
            titles.push(Title { words, role, plural, country: None, gender: raw.gender, needs_country, case });
        };
        for (list, case, weak) in [
            (&raw.titles, Case::Any, false),
            (&raw.weak, Case::Any, true),
            (&raw.capital, Case::Capitalised, true),
            (&raw.upper, Case::Upper, false),
        ] {
            for words in list {
                add(words, false, case, weak);
                if let Some(plural) = role::plural_of(words) {
                    add(&plural, true, case, weak);
                }
            }
        }
        raw.plurals.iter().for_each(|words| add(words, true, Case::Any, false));
        roles.push(Role {
            name: Text::Owned(raw.name.clone()),
            class: raw.class,
            single: raw.single,
            visitor: raw.visitor,
        });
    }
    for (origin, raw) in raw_titles {
        let Some(at) = raw_roles.at.get(&raw.role) else {
            return Err(origin.error(&raw.words, format!("unknown role `{}`", raw.role)));
        };
        let country = match &raw.country {
            None => None,
            Some(code) => {
                Some(country(code).ok_or_else(|| origin.error(&raw.words, format!("unknown country `{code}`")))?)
            }
        };
        titles.push(Title {
            words: raw.words.into(),
            role: RoleId(*at as u16),
            plural: raw.plural,
            country,
            gender: raw.gender.or(raw_roles.items[*at].gender),
            needs_country: false,
            case: Case::Any,
        });
    }
    Ok((roles, titles, modifiers))
}

fn build_demonyms(
    countries: &[(Origin, country::Raw)],
    regions: &[(Origin, place::RawRegion)],
    country: &impl Fn(&str) -> Option<u32>,
) -> Result<Vec<Demonym>, Error> {
    let mut demonyms = Vec::new();
    let mut add = |country: u32, region: Option<u32>, words: Vec<(String, [bool; 3])>| {
        demonyms.extend(words.into_iter().map(|(word, [adjective, singular, plural])| Demonym {
            word: word.into(),
            country,
            region,
            adjective,
            singular,
            plural,
        }));
    };
    for (i, (_, raw)) in countries.iter().enumerate() {
        add(i as u32, None, country::demonym_forms(&raw.adjectives, &raw.people, &raw.plurals));
    }
    for (i, (origin, raw)) in regions.iter().enumerate() {
        let inside = country(&raw.country).ok_or_else(|| origin.error(&raw.id, "unknown country"))?;
        add(inside, Some(i as u32), country::demonym_forms(&raw.adjectives, &raw.people, &[]));
    }
    Ok(demonyms)
}

struct Names<'a> {
    codes: &'a FxHashMap<String, u32>,
    organisations: &'a FxHashMap<String, usize>,
    roles: &'a FxHashMap<String, RoleId>,
}

impl person::Lookup for Names<'_> {
    fn country(&self, code: &str) -> Option<u32> {
        self.codes.get(code).copied()
    }

    fn body(&self, id: &str) -> Option<Body> {
        let country = self.codes.get(id).map(|i| Body::Country(*i));
        country.or_else(|| self.organisations.get(id).map(|i| Body::Organisation(*i as u32)))
    }

    fn role(&self, name: &str) -> Option<RoleId> {
        self.roles.get(name).copied()
    }
}

/// FNV-1a over all texts: changes whenever any file does. `+n` counts the operator's files.
fn version(sources: &[Source], extra: usize) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in sources.iter().flat_map(|s| s.text.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    if extra == 0 { format!("{hash:016x}") } else { format!("{hash:016x}+{extra}") }
}
