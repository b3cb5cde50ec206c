//! The gazetteer itself: tables, names, and who held which office when.

use rustc_hash::FxHashMap;

use crate::Day;
use crate::body::{Event, Organisation};
use crate::country::{Country, Demonym};
use crate::entry::{Case, EntryRef, Kind, Phrase};
use crate::given::GivenNames;
use crate::index::Index;
use crate::person::{Body, Person, family_keys};
use crate::place::{City, Region, Venue};
use crate::role::{Gender, Modifier, Role, RoleId, Title};

/// All entries, by kind.
pub(crate) struct Tables {
    pub(crate) countries: Vec<Country>,
    pub(crate) demonyms: Vec<Demonym>,
    pub(crate) regions: Vec<Region>,
    pub(crate) cities: Vec<City>,
    pub(crate) roles: Vec<Role>,
    pub(crate) titles: Vec<Title>,
    pub(crate) organisations: Vec<Organisation>,
    pub(crate) venues: Vec<Venue>,
    pub(crate) events: Vec<Event>,
    pub(crate) people: Vec<Person>,
}

/// The knowledge base. Immutable once loaded; share it behind an `Arc`.
pub struct Gazetteer {
    tables: Tables,
    modifiers: FxHashMap<String, Modifier>,
    given_names: GivenNames,
    index: Index,
    codes: FxHashMap<String, u32>,
    role_names: FxHashMap<String, RoleId>,
    /// Folded family name -> people, in the order of the table.
    families: FxHashMap<String, Vec<u32>>,
    /// Office -> (person, number of the term), by first day.
    offices: FxHashMap<(Body, RoleId), Vec<(u32, u16)>>,
    version: String,
}

impl Gazetteer {
    pub(crate) fn assemble(
        tables: Tables,
        modifiers: FxHashMap<String, Modifier>,
        given_names: GivenNames,
        version: String,
    ) -> Self {
        let codes = (0..).zip(&tables.countries).map(|(i, c)| (c.code.clone().into_owned(), i)).collect();
        let role_names = (0..).zip(&tables.roles).map(|(i, r)| (r.name.clone().into_owned(), RoleId(i))).collect();
        let mut families: FxHashMap<String, Vec<u32>> = FxHashMap::default();
        let mut offices: FxHashMap<(Body, RoleId), Vec<(u32, u16)>> = FxHashMap::default();
        for (i, person) in (0_u32..).zip(&tables.people) {
            let family_first = person.country.is_some_and(|c| tables.countries[c as usize].family_first);
            for key in family_keys(person, family_first) {
                let list = families.entry(key).or_default();
                if list.last() != Some(&i) {
                    list.push(i);
                }
            }
            for (n, term) in (0_u16..).zip(&person.terms) {
                offices.entry((term.body, term.role)).or_default().push((i, n));
            }
        }
        for holders in offices.values_mut() {
            holders.sort_by_key(|(p, n)| (tables.people[*p as usize].terms[usize::from(*n)].from, *p));
        }
        let index = index_of(&tables);
        Self { tables, modifiers, given_names, index, codes, role_names, families, offices, version }
    }

    /// Every name of every entry with how it must be printed. Several entries may share a name; all are given.
    pub fn phrases(&self) -> impl Iterator<Item = (Vec<String>, EntryRef, Case)> + '_ {
        self.index.iter().map(|p| (p.folded.split(' ').map(str::to_owned).collect(), p.entry, p.case))
    }

    /// The same without allocation, sorted by folded form: equal names follow one another.
    pub fn phrases_folded(&self) -> impl Iterator<Item = Phrase<'_>> {
        self.index.iter()
    }

    /// The entries named by these folded tokens (one blank between them).
    pub fn lookup<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = Phrase<'a>> {
        self.index.get(folded)
    }

    /// Number of names.
    pub fn phrase_count(&self) -> usize {
        self.index.len()
    }

    /// Bytes of the table of names.
    pub fn index_bytes(&self) -> usize {
        self.index.bytes()
    }

    /// Number of given names.
    pub fn given_name_count(&self) -> usize {
        self.given_names.len()
    }

    /// A digest of all data files, for `gazetteer_version`; `+n` counts the operator's files.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The country at `index` of an [`EntryRef`] of that kind.
    pub fn country(&self, index: u32) -> &Country {
        &self.tables.countries[index as usize]
    }

    /// The word of nationality at `index`.
    pub fn demonym(&self, index: u32) -> &Demonym {
        &self.tables.demonyms[index as usize]
    }

    /// The region at `index`.
    pub fn region(&self, index: u32) -> &Region {
        &self.tables.regions[index as usize]
    }

    /// The city at `index`.
    pub fn city(&self, index: u32) -> &City {
        &self.tables.cities[index as usize]
    }

    /// The title at `index`.
    pub fn title(&self, index: u32) -> &Title {
        &self.tables.titles[index as usize]
    }

    /// The organisation at `index`.
    pub fn organisation(&self, index: u32) -> &Organisation {
        &self.tables.organisations[index as usize]
    }

    /// The venue at `index`.
    pub fn venue(&self, index: u32) -> &Venue {
        &self.tables.venues[index as usize]
    }

    /// The recurring event at `index`.
    pub fn event(&self, index: u32) -> &Event {
        &self.tables.events[index as usize]
    }

    /// The person at `index`.
    pub fn person(&self, index: u32) -> &Person {
        &self.tables.people[index as usize]
    }

    /// The canonical role.
    pub fn role(&self, id: RoleId) -> &Role {
        &self.tables.roles[usize::from(id.0)]
    }

    /// All countries.
    pub fn countries(&self) -> &[Country] {
        &self.tables.countries
    }

    /// All demonyms.
    pub fn demonyms(&self) -> &[Demonym] {
        &self.tables.demonyms
    }

    /// All regions.
    pub fn regions(&self) -> &[Region] {
        &self.tables.regions
    }

    /// All cities.
    pub fn cities(&self) -> &[City] {
        &self.tables.cities
    }

    /// All titles.
    pub fn titles(&self) -> &[Title] {
        &self.tables.titles
    }

    /// All roles.
    pub fn roles(&self) -> &[Role] {
        &self.tables.roles
    }

    /// All organisations.
    pub fn organisations(&self) -> &[Organisation] {
        &self.tables.organisations
    }

    /// All venues.
    pub fn venues(&self) -> &[Venue] {
        &self.tables.venues
    }

    /// All recurring events.
    pub fn events(&self) -> &[Event] {
        &self.tables.events
    }

    /// All people.
    pub fn people(&self) -> &[Person] {
        &self.tables.people
    }

    /// The role of this canonical name.
    pub fn role_by_name(&self, name: &str) -> Option<RoleId> {
        self.role_names.get(name).copied()
    }

    /// What a folded word (or words) before a title does to the role: `former`, `deputy`, `acting`.
    pub fn modifier(&self, folded: &str) -> Option<Modifier> {
        self.modifiers.get(folded).copied()
    }

    /// All modifiers, folded.
    pub fn modifiers(&self) -> impl Iterator<Item = (&str, Modifier)> {
        self.modifiers.iter().map(|(word, m)| (word.as_str(), *m))
    }

    /// The country with this code.
    pub fn country_by_code(&self, code: &str) -> Option<u32> {
        self.codes.get(code).copied()
    }

    /// The entry of the code that this country's name means on `day`; itself where the code did not change.
    pub fn country_at(&self, country: u32, day: Day) -> u32 {
        self.country_by_code(self.country(country).code_at(day)).unwrap_or(country)
    }

    /// True for the first token of names: a known given name (folded).
    pub fn is_given_name(&self, folded: &str) -> bool {
        self.given_names.contains(folded)
    }

    /// The gender by which a folded given name is mostly borne; None for unknown names and for those of both.
    pub fn given_name_gender(&self, folded: &str) -> Option<Gender> {
        self.given_names.gender(folded)
    }

    /// The person's gender: as recorded, else by a title that says it (king, queen), else by a given name.
    pub fn person_gender(&self, person: u32) -> Option<Gender> {
        let person = self.person(person);
        person.gender.or_else(|| {
            let family_first = person.country.is_some_and(|c| self.country(c).family_first);
            let tokens = crate::fold_name(&person.name);
            let given = tokens.iter().skip(usize::from(family_first));
            given.take(2).find_map(|t| self.given_name_gender(t))
        })
    }

    /// People who go by this folded family name at second mention, in the order of the table.
    pub fn persons_by_family(&self, folded: &str) -> &[u32] {
        self.families.get(folded).map_or(&[], Vec::as_slice)
    }

    /// Who held an office on `day` for sure. On the day of a handover it is the successor; None where nobody is known for sure, or
    /// two began on one day. `country` may be the present entry for an earlier day: Russia's president of 1990 is the Soviet one.
    pub fn lookup_office(&self, country: u32, role: RoleId, day: Day) -> Option<u32> {
        let own = self.holder(Body::Country(country), role, day);
        own.or_else(|| {
            let then = self.country_at(country, day);
            (then != country).then(|| self.holder(Body::Country(then), role, day)).flatten()
        })
    }

    /// The same for any body, such as NATO's secretary-general.
    pub fn holder(&self, body: Body, role: RoleId, day: Day) -> Option<u32> {
        let covering = self.terms_of(body, role).filter(|(_, t)| t.sure && t.covers(day));
        let mut found: Option<(u32, Day)> = None;
        for (person, term) in covering {
            match found {
                // The predecessor's last day is the successor's first.
                Some((earlier, from)) if earlier != person && from == term.from => return None,
                _ => found = Some((person, term.from)),
            }
        }
        found.map(|(person, _)| person)
    }

    /// All known holders of an office with their terms, by first day, unsure ones too.
    pub fn terms_of(&self, body: Body, role: RoleId) -> impl Iterator<Item = (u32, &crate::Term)> {
        let list = self.offices.get(&(body, role)).map_or(&[][..], Vec::as_slice);
        list.iter().map(|(p, n)| (*p, &self.tables.people[*p as usize].terms[usize::from(*n)]))
    }

    /// All offices that somebody of the table held.
    pub fn offices(&self) -> impl Iterator<Item = (Body, RoleId)> {
        self.offices.keys().copied()
    }

    /// Whom `the Chinese leader` means on `day`.
    pub fn leader_of(&self, country: u32, day: Day) -> Option<u32> {
        let then = self.country_at(country, day);
        let role = self.country(then).leader.or(self.country(country).leader)?;
        self.lookup_office(country, role, day)
    }

    /// Decides between people who share a name, by a country and a canonical role read beside it and by the day. Sure terms held on
    /// the day weigh most, then terms of the past, then the country that one stands for. A candidate must agree with each clue
    /// given where it has sure terms that say otherwise; None where two fit equally well or none does.
    pub fn resolve_person(
        &self,
        candidates: &[u32],
        country: Option<u32>,
        role: Option<RoleId>,
        day: Option<Day>,
    ) -> Option<u32> {
        let mut best: Option<(i32, u32)> = None;
        let mut tie = false;
        for &candidate in candidates {
            let score = self.person_score(candidate, country, role, day);
            if score < 0 {
                continue;
            }
            match best {
                Some((top, _)) if score < top => {}
                Some((top, who)) if score == top => tie |= who != candidate,
                _ => {
                    best = Some((score, candidate));
                    tie = false;
                }
            }
        }
        best.filter(|_| !tie).map(|(_, who)| who)
    }

    fn person_score(&self, index: u32, country: Option<u32>, role: Option<RoleId>, day: Option<Day>) -> i32 {
        let person = self.person(index);
        let same = |a: u32, b: u32| a == b || day.is_some_and(|d| self.country_at(a, d) == self.country_at(b, d));
        let in_country = |body: Body| match (body, country) {
            (Body::Country(c), Some(wanted)) => same(c, wanted),
            _ => false,
        };
        let mut score = 0;
        if let Some(wanted) = country {
            let stands = person.country.is_some_and(|c| same(c, wanted));
            if !stands && !person.terms.iter().any(|t| in_country(t.body)) {
                return -1;
            }
            score += 2;
        }
        for term in person.terms.iter().filter(|t| t.sure) {
            let covered = day.is_some_and(|d| term.covers(d));
            let past = day.is_some_and(|d| term.to.is_some_and(|to| to < d));
            let near = day.is_some_and(|d| {
                let gap = (term.from.rough_number() - d.rough_number())
                    .max(term.to.map_or(0, |to| d.rough_number() - to.rough_number()));
                gap <= 365 * 6
            });
            let fits = role == Some(term.role);
            let gain = match (covered, fits) {
                (true, true) => 100,
                (true, false) => 40,
                (false, true) if near => 30,
                (false, _) if near => 15,
                (false, true) if past => 10,
                (false, _) if past => 5,
                _ => 0,
            };
            score = score.max(gain + 2 * i32::from(country.is_some()));
        }
        score
    }

    /// Chooses among countries that share a name or adjective (`Congo`, `Dominican`): one that the context speaks of, else one that
    /// existed under that code on `day`, else not the rarer one. None only for no candidates.
    pub fn resolve_country(&self, candidates: &[u32], context: &[u32], day: Option<Day>) -> Option<u32> {
        let rank = |i: u32| {
            let country = self.country(i);
            let there = day.is_none_or(|d| country.from.is_none_or(|f| f <= d) && country.to.is_none_or(|t| d < t));
            (context.contains(&i), there, !country.rarer)
        };
        candidates.iter().copied().max_by(|a, b| rank(*a).cmp(&rank(*b)).then(b.cmp(a)))
    }

    /// Chooses among cities of one name: the larger one, helped by being a capital and by a country that the context speaks of.
    /// Being a capital weighs as much as a thirtyfold population, the context as much as three hundredfold: `London` beside Canada is
    /// still England's, `Tripoli` beside Lebanon is not Libya's. None only for no candidates.
    pub fn resolve_city(&self, candidates: &[u32], context: &[u32]) -> Option<u32> {
        let weight = |i: u32| {
            let city = self.city(i);
            let mut w = f64::from(city.population.max(1)).log10();
            if city.capital {
                w += 1.5;
            }
            if context.contains(&city.country) {
                w += 2.5;
            }
            w
        };
        candidates.iter().copied().max_by(|a, b| weight(*a).total_cmp(&weight(*b)).then(b.cmp(a)))
    }
}

fn index_of(tables: &Tables) -> Index {
    let mut index = Index::default();
    for (i, c) in (0..).zip(&tables.countries) {
        std::iter::once(&c.name).chain(&c.aliases).for_each(|n| index.add(n, Kind::Country, i, Case::Capitalised));
        c.upper.iter().for_each(|n| index.add(n, Kind::Country, i, Case::Upper));
    }
    for (i, d) in (0..).zip(&tables.demonyms) {
        index.add(&d.word, Kind::Demonym, i, Case::Capitalised);
    }
    for (i, c) in (0..).zip(&tables.cities) {
        index.add(&c.name, Kind::City, i, Case::Capitalised);
        c.alternates().for_each(|n| index.add(n, Kind::City, i, Case::Capitalised));
    }
    for (i, r) in (0..).zip(&tables.regions) {
        std::iter::once(&r.name).chain(&r.aliases).for_each(|n| index.add(n, Kind::Region, i, Case::Capitalised));
    }
    for (i, p) in (0..).zip(&tables.people) {
        p.names().for_each(|n| index.add(n, Kind::Person, i, Case::Capitalised));
    }
    for (i, o) in (0..).zip(&tables.organisations) {
        std::iter::once(&o.name).chain(&o.aliases).for_each(|n| index.add(n, Kind::Organisation, i, Case::Capitalised));
        o.upper.iter().for_each(|n| index.add(n, Kind::Organisation, i, Case::Upper));
    }
    for (i, v) in (0..).zip(&tables.venues) {
        std::iter::once(&v.name).chain(&v.aliases).for_each(|n| index.add(n, Kind::Venue, i, Case::Capitalised));
    }
    for (i, e) in (0..).zip(&tables.events) {
        std::iter::once(&e.name).chain(&e.aliases).for_each(|n| index.add(n, Kind::Event, i, Case::Capitalised));
    }
    for (i, t) in (0..).zip(&tables.titles) {
        index.add(&t.words, Kind::Title, i, t.case);
    }
    index.finish();
    index
}
