//! The data compiled in, read like a specification.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use dateline_gazetteer::{Body, Case, Day, Gazetteer, Gender, Kind, Modifier, RoleClass};

fn gazetteer() -> &'static Gazetteer {
    static LOADED: OnceLock<Gazetteer> = OnceLock::new();
    LOADED.get_or_init(|| Gazetteer::load().expect("the built-in data is sound"))
}

fn day(text: &str) -> Day {
    Day::parse_first(text).expect("a date")
}

fn country(code: &str) -> u32 {
    gazetteer().country_by_code(code).unwrap_or_else(|| panic!("no country {code}"))
}

/// Codes of the countries that a printed name may mean.
fn countries_named(folded: &str) -> Vec<u32> {
    let g = gazetteer();
    g.lookup(folded)
        .filter_map(|p| match p.entry.kind {
            Kind::Country => Some(p.entry.index),
            Kind::Demonym => Some(g.demonym(p.entry.index).country),
            _ => None,
        })
        .collect()
}

#[test]
fn a_country_name_has_the_code_of_the_day() {
    let g = gazetteer();
    for (name, date, code) in [
        ("zaire", "1996-10-01", "ZR"),
        ("zaire", "1997-05-16", "ZR"),
        ("zaire", "1997-05-17", "CD"),
        ("democratic republic of congo", "1998-01-01", "CD"),
        ("congo", "1996-01-01", "CG"),
        ("congo", "2020-01-01", "CD"),
        ("yugoslavia", "1996-08-30", "YU"),
        ("serbia", "1996-08-30", "YU"),
        ("serbia", "2004-01-01", "CS"),
        ("serbia", "2010-01-01", "RS"),
        ("montenegro", "2010-01-01", "ME"),
        ("russia", "1987-03-01", "SU"),
        ("russian", "1996-03-01", "RU"),
        ("soviet", "1987-03-01", "SU"),
        ("ukraine", "1988-01-01", "SU"),
        ("ukraine", "1996-01-01", "UA"),
        ("lithuania", "1991-10-01", "LT"),
        ("czechoslovakia", "1990-01-01", "CS"),
        ("slovakia", "1996-01-01", "SK"),
        ("east germany", "1988-01-01", "DD"),
        ("east german", "1995-01-01", "DE"),
        ("west germany", "1988-01-01", "DE"),
        ("east timor", "1996-12-06", "TP"),
        ("east timor", "2010-12-06", "TL"),
        ("timor leste", "1999-01-01", "TP"),
        ("eritrea", "1990-01-01", "ET"),
        ("south sudan", "2010-01-01", "SD"),
        ("bosnian", "1996-01-01", "BA"),
        ("kosovo", "1998-01-01", "XK"),
        ("burma", "1988-01-01", "MM"),
        ("guinea", "2020-01-01", "GN"),
        ("guinea bissau", "2020-01-01", "GW"),
        ("equatorial guinea", "2020-01-01", "GQ"),
        ("papua new guinea", "2020-01-01", "PG"),
        ("niger", "2020-01-01", "NE"),
        ("nigerien", "2020-01-01", "NE"),
        ("nigeria", "2020-01-01", "NG"),
        ("nigerian", "2020-01-01", "NG"),
        ("korean", "2020-01-01", "KR"),
        ("north korean", "2020-01-01", "KP"),
        ("dprk", "2020-01-01", "KP"),
        ("dominican", "2020-01-01", "DO"),
        ("dutch", "2020-01-01", "NL"),
        ("britons", "2020-01-01", "GB"),
        ("holland", "2020-01-01", "NL"),
        ("ivory coast", "2020-01-01", "CI"),
        ("cote divoire", "2020-01-01", "CI"),
        ("turkiye", "2020-01-01", "TR"),
        ("palestinian", "2020-01-01", "PS"),
        ("taiwan", "2020-01-01", "TW"),
        ("vatican", "2020-01-01", "VA"),
    ] {
        let candidates = countries_named(name);
        let chosen = g.resolve_country(&candidates, &[], Some(day(date)));
        let found = chosen.map(|c| g.country(c).code_at(day(date)));
        assert_eq!(found, Some(code), "{name} on {date}");
    }
}

#[test]
fn georgia_is_a_country_and_a_state() {
    let g = gazetteer();
    let kinds: HashSet<Kind> = g.lookup("georgia").map(|p| p.entry.kind).collect();
    assert!(kinds.contains(&Kind::Country) && kinds.contains(&Kind::Region), "{kinds:?}");
}

#[test]
fn the_pronoun_us_is_not_the_country() {
    let hits: Vec<_> = gazetteer().lookup("us").filter(|p| p.entry.kind == Kind::Country).collect();
    assert_eq!(hits.len(), 1);
    assert_eq!(hits[0].case, Case::Upper);
}

#[test]
fn a_metonym_names_country_office_and_city() {
    let g = gazetteer();
    for (name, code, office, city) in [
        ("kremlin", "RU", Some("president"), Some("Moscow")),
        ("white house", "US", Some("president"), Some("Washington")),
        ("downing street", "GB", Some("prime minister"), Some("London")),
        ("elysee", "FR", Some("president"), Some("Paris")),
        ("foggy bottom", "US", Some("secretary of state"), Some("Washington")),
        ("pentagon", "US", Some("defence minister"), Some("Washington")),
        ("whitehall", "GB", None, Some("London")),
        ("great hall of the people", "CN", None, Some("Beijing")),
        ("mar a lago", "US", None, None),
        ("panmunjom", "KR", None, None),
    ] {
        let venue = g.lookup(name).find(|p| p.entry.kind == Kind::Venue).map(|p| g.venue(p.entry.index));
        let venue = venue.unwrap_or_else(|| panic!("no venue {name}"));
        assert_eq!(g.country(venue.country).code, code, "{name}");
        assert_eq!(venue.office.map(|r| &*g.role(r).name), office, "{name}");
        assert_eq!(venue.city.map(|c| &*g.city(c).name), city, "{name}");
    }
}

#[test]
fn a_city_is_chosen_by_size_rank_and_context() {
    let g = gazetteer();
    for (name, context, expected) in [
        ("london", None, "GB"),
        ("london", Some("CA"), "GB"),
        ("birmingham", None, "GB"),
        ("birmingham", Some("US"), "US"),
        ("peking", None, "CN"),
        ("kiev", None, "UA"),
        ("bombay", None, "IN"),
        ("leningrad", None, "RU"),
        ("tripoli", None, "LY"),
        ("tripoli", Some("LB"), "LB"),
        ("georgetown", Some("GY"), "GY"),
        ("san jose", Some("CR"), "CR"),
        ("davos", None, "CH"),
        ("sanaa", None, "YE"),
        ("ndjamena", None, "TD"),
    ] {
        let candidates: Vec<u32> =
            g.lookup(name).filter(|p| p.entry.kind == Kind::City).map(|p| p.entry.index).collect();
        let context: Vec<u32> = context.map(country).into_iter().collect();
        let city = g.resolve_city(&candidates, &context).map(|c| g.city(c));
        assert_eq!(city.map(|c| &*g.country(c.country).code), Some(expected), "{name} {context:?}");
    }
}

#[test]
fn place_names_that_are_words_or_names_are_marked() {
    let g = gazetteer();
    for (name, common_word, person_name) in [
        ("reading", true, false),
        ("nice", true, false),
        ("of", true, false),
        ("washington", false, true),
        ("sydney", false, true),
        ("tehran", false, false),
    ] {
        let city = g.lookup(name).find(|p| p.entry.kind == Kind::City).map(|p| g.city(p.entry.index));
        let city = city.unwrap_or_else(|| panic!("no city {name}"));
        assert_eq!(city.common_word, common_word, "{name}");
        assert!(!person_name || city.person_name, "{name}");
    }
}

#[test]
fn the_capital_is_that_of_the_day() {
    let g = gazetteer();
    for (code, date, city) in [
        ("DE", "1988-01-01", "Bonn"),
        ("DE", "2005-01-01", "Berlin"),
        ("KZ", "1996-01-01", "Almaty"),
        ("KZ", "2010-01-01", "Astana"),
        ("MM", "1996-01-01", "Yangon"),
        ("SU", "1988-01-01", "Moscow"),
    ] {
        let capital = g.country(country(code)).capital_at(day(date)).map(|c| &*g.city(c).name);
        assert_eq!(capital, Some(city), "{code} {date}");
    }
}

#[test]
fn an_office_is_held_by_one_on_a_day() {
    let g = gazetteer();
    for (code, role, date, name) in [
        ("US", "president", "1987-06-01", "Ronald Reagan"),
        ("US", "president", "1996-11-01", "Bill Clinton"),
        ("US", "president", "2025-05-07", "Donald Trump"),
        ("US", "secretary of state", "1987-04-08", "George Shultz"),
        ("US", "secretary of state", "1996-12-06", "Warren Christopher"),
        ("US", "secretary of state", "2025-05-07", "Marco Rubio"),
        ("RU", "president", "1996-08-23", "Boris Yeltsin"),
        ("RU", "president", "2025-05-07", "Vladimir Putin"),
        ("RU", "foreign minister", "1987-04-08", "Eduard Shevardnadze"),
        ("SU", "party leader", "1987-04-08", "Mikhail Gorbachev"),
        ("CN", "president", "2025-05-07", "Xi Jinping"),
        ("CN", "foreign minister", "1996-08-23", "Qian Qichen"),
        ("CN", "foreign minister", "2025-05-07", "Wang Yi"),
        ("GB", "prime minister", "1987-04-08", "Margaret Thatcher"),
        ("GB", "foreign minister", "1996-08-23", "Malcolm Rifkind"),
        ("DE", "chancellor", "1996-08-23", "Helmut Kohl"),
        ("DE", "chancellor", "2025-05-07", "Friedrich Merz"),
        ("FR", "prime minister", "2024-10-01", "Michel Barnier"),
        ("FR", "foreign minister", "1987-04-08", "Jean-Bernard Raimond"),
        ("JP", "prime minister", "2025-11-01", "Sanae Takaichi"),
        ("IR", "foreign minister", "1996-08-23", "Ali Akbar Velayati"),
        ("IQ", "president", "1996-08-23", "Saddam Hussein"),
        ("ZR", "president", "1996-08-23", "Mobutu Sese Seko"),
        ("CD", "president", "1996-08-23", "Mobutu Sese Seko"),
        ("VA", "pope", "1997-04-12", "Pope John Paul II"),
        ("VA", "pope", "2025-06-01", "Pope Leo XIV"),
        ("UN", "secretary-general", "1996-08-23", "Boutros Boutros-Ghali"),
        ("EU", "commission president", "2025-05-07", "Ursula von der Leyen"),
        ("KR", "president", "2025-06-10", "Lee Jae-myung"),
        ("CA", "prime minister", "2025-05-07", "Mark Carney"),
        ("HU", "prime minister", "2015-05-07", "Viktor Orbán"),
    ] {
        let role_id = g.role_by_name(role).unwrap_or_else(|| panic!("no role {role}"));
        let holder = g.lookup_office(country(code), role_id, day(date)).map(|p| &*g.person(p).name);
        assert_eq!(holder, Some(name), "{role} of {code} on {date}");
    }
}

#[test]
fn the_leader_is_the_one_whom_the_press_calls_so() {
    let g = gazetteer();
    for (code, date, name) in [
        ("CN", "2025-05-07", "Xi Jinping"),
        ("KP", "2025-05-07", "Kim Jong Un"),
        ("GB", "2025-05-07", "Keir Starmer"),
        ("IN", "2025-05-07", "Narendra Modi"),
        ("RU", "1987-05-07", "Mikhail Gorbachev"),
    ] {
        assert_eq!(g.leader_of(country(code), day(date)).map(|p| &*g.person(p).name), Some(name), "{code} {date}");
    }
}

#[test]
fn a_family_name_is_decided_by_country_role_and_day() {
    let g = gazetteer();
    for (family, code, role, date, name) in [
        ("bush", Some("US"), Some("president"), "1990-08-01", Some("George H. W. Bush")),
        ("bush", Some("US"), Some("president"), "2003-08-01", Some("George W. Bush")),
        ("assad", Some("SY"), Some("president"), "1996-08-01", Some("Hafez al-Assad")),
        ("sharif", Some("PK"), Some("prime minister"), "2025-05-01", Some("Shehbaz Sharif")),
        ("lopez obrador", Some("MX"), None, "2020-05-01", Some("Andrés Manuel López Obrador")),
        ("van der bellen", Some("AT"), None, "2020-05-01", Some("Alexander Van der Bellen")),
        ("rubio", Some("US"), None, "2025-05-01", Some("Marco Rubio")),
        ("rubio", Some("FR"), None, "2025-05-01", None),
    ] {
        let role = role.and_then(|r| g.role_by_name(r));
        let found = g.resolve_person(g.persons_by_family(family), code.map(country), role, Some(day(date)));
        assert_eq!(found.map(|p| &*g.person(p).name), name, "{family} {code:?} {date}");
    }
}

#[test]
fn spellings_of_one_person_are_one_entry() {
    let g = gazetteer();
    for (names, id) in [
        (&["yasser arafat", "yasir arafat", "yassir arafat"][..], "Q34211"),
        (&["volodymyr zelensky", "volodymyr zelenskiy", "zelenskyy"], "Q3874799"),
        (&["muammar gaddafi", "moamer kadhafi", "gadhafi"], "Q19878"),
        (&["kim jong un"], "Q56226"),
    ] {
        for name in names {
            let ids: Vec<&str> =
                g.lookup(name).filter(|p| p.entry.kind == Kind::Person).map(|p| &*g.person(p.entry.index).id).collect();
            assert_eq!(ids, [id], "{name}");
        }
    }
}

#[test]
fn printed_titles_mean_canonical_roles() {
    let g = gazetteer();
    for (title, role, plural) in [
        ("premier", "prime minister", false),
        ("taoiseach", "prime minister", false),
        ("prime ministers", "prime minister", true),
        ("foreign secretary", "foreign minister", false),
        ("foreign secretaries", "foreign minister", true),
        ("secretary of state", "secretary of state", false),
        ("treasury secretary", "finance minister", false),
        ("defense secretary", "defence minister", false),
        ("pontiff", "pope", false),
        ("crown prince", "crown prince", false),
        ("special envoy", "envoy", false),
        ("congressmen", "legislator", true),
        ("heads of state", "leader", true),
        ("vice foreign minister", "deputy foreign minister", false),
        ("secretary general", "secretary-general", false),
        ("kremlin chief", "president", false),
    ] {
        let hit = g.lookup(title).find(|p| p.entry.kind == Kind::Title).map(|p| g.title(p.entry.index));
        let hit = hit.unwrap_or_else(|| panic!("no title {title}"));
        assert_eq!((&*g.role(hit.role).name, hit.plural), (role, plural), "{title}");
    }
    assert_eq!(g.modifier("former"), Some(Modifier::Former));
    assert_eq!(g.modifier("acting"), Some(Modifier::Neutral));
}

#[test]
fn a_summit_has_its_days_and_place() {
    let g = gazetteer();
    let event = |name: &str| {
        let hit = g.lookup(name).find(|p| p.entry.kind == Kind::Event);
        g.event(hit.unwrap_or_else(|| panic!("no event {name}")).entry.index)
    };
    for (name, date, future, from, code, place) in [
        ("g20 summit", "2025-11-01", None, "2025-11-22", "ZA", "Johannesburg"),
        ("g8 summit", "2006-07-10", None, "2006-07-15", "RU", "St. Petersburg"),
        ("nato summit", "1997-07-01", None, "1997-07-08", "ES", "Madrid"),
        ("apec summit", "1996-11-01", None, "1996-11-25", "PH", "Subic Bay"),
        ("sco summit", "2025-08-20", Some(true), "2025-08-31", "CN", "Tianjin"),
        ("victory day", "2025-05-07", None, "2025-05-09", "RU", ""),
    ] {
        let edition = event(name).edition_near(day(date), future).unwrap_or_else(|| panic!("no edition of {name}"));
        assert_eq!(edition.from, day(from), "{name}");
        assert_eq!(edition.country.map(|c| &*g.country(c).code), Some(code), "{name}");
        assert_eq!(&*edition.place, place, "{name}");
    }
    assert_eq!(event("g20 summit").edition_near(day("1996-01-01"), None), None);
}

#[test]
fn an_organisation_stands_on_the_ground_of_its_seat() {
    let g = gazetteer();
    for (name, code, as_country) in [
        ("un", "US", Some("UN")),
        ("united nations", "US", Some("UN")),
        ("nato", "BE", None),
        ("eu", "BE", Some("EU")),
        ("hamas", "PS", None),
    ] {
        let hit = g.lookup(name).find(|p| p.entry.kind == Kind::Organisation).map(|p| g.organisation(p.entry.index));
        let hit = hit.unwrap_or_else(|| panic!("no organisation {name}"));
        assert_eq!(hit.country.map(|c| &*g.country(c).code), Some(code), "{name}");
        assert_eq!(hit.as_country.map(|c| &*g.country(c).code), as_country, "{name}");
    }
}

#[test]
fn given_names_tell_he_from_she() {
    let g = gazetteer();
    for (name, gender) in [
        ("john", Some(Gender::Male)),
        ("anna", Some(Gender::Female)),
        ("robin", None),
        ("mohammed", Some(Gender::Male)),
        ("svetlana", Some(Gender::Female)),
        ("xqzt", None),
    ] {
        assert_eq!(g.given_name_gender(name), gender, "{name}");
    }
    assert!(g.is_given_name("robin") && !g.is_given_name("xqzt"));
}

#[test]
fn people_have_unique_ids_and_unique_names_unless_marked() {
    let g = gazetteer();
    let mut ids = HashSet::new();
    let mut owners: HashMap<String, Vec<&dateline_gazetteer::Person>> = HashMap::new();
    for person in g.people() {
        assert!(ids.insert(&person.id), "{} occurs twice", person.id);
        for name in person.names() {
            let list = owners.entry(dateline_gazetteer::fold_name(name).join(" ")).or_default();
            if !list.iter().any(|p| p.id == person.id) {
                list.push(person);
            }
        }
    }
    let shared: Vec<String> = owners
        .iter()
        .filter(|(_, people)| people.len() > 1 && people.iter().any(|p| !p.ambiguous))
        .map(|(name, people)| format!("{name}: {}", people.iter().map(|p| &*p.id).collect::<Vec<_>>().join(", ")))
        .collect();
    assert!(shared.is_empty(), "names of two people that are not marked: {shared:#?}");
}

#[test]
fn no_two_people_hold_a_single_office_for_sure_at_once() {
    let g = gazetteer();
    let mut overlaps = Vec::new();
    for (body, role) in g.offices() {
        if !g.role(role).single {
            continue;
        }
        let terms: Vec<_> = g.terms_of(body, role).filter(|(_, t)| t.sure).collect();
        for (n, (person, term)) in terms.iter().enumerate() {
            for (other, later) in &terms[n + 1..] {
                if person != other && term.to.is_none_or(|to| later.from < to) {
                    let office = match body {
                        Body::Country(c) => g.country(c).code.clone(),
                        Body::Organisation(o) => g.organisation(o).id.clone(),
                    };
                    overlaps.push(format!(
                        "{} of {office}: {} {:?}..{:?}, {} {:?}",
                        g.role(role).name,
                        g.person(*person).name,
                        term.from,
                        term.to,
                        g.person(*other).name,
                        later.from
                    ));
                }
            }
        }
    }
    assert!(overlaps.is_empty(), "{overlaps:#?}");
}

/// Days since the year 0, to within a week.
fn rough(day: Day) -> i64 {
    let text = day.to_string();
    let mut parts = text.split('-').map(|p| p.parse::<i64>().expect("a number"));
    let mut part = || parts.next().unwrap_or(1);
    part() * 365 + (part() - 1) * 61 / 2 + part()
}

/// Unsure terms fill gaps, too: somebody was there, only the days are doubtful.
#[test]
fn who_heads_a_country_is_known_since_2000_but_for_the_explained_gaps() {
    let g = gazetteer();
    let mut explained: HashMap<String, bool> = HashMap::new();
    for line in include_str!("gaps.tsv").lines().filter(|l| !l.starts_with('#')) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [country, office, last, _, reason] = cells[..] else { panic!("five columns: {line}") };
        assert!(!reason.is_empty(), "no reason: {line}");
        explained.insert(format!("{office} of {country} after {last}"), false);
    }
    let mut gaps = Vec::new();
    for (body, role) in g.offices() {
        let (Body::Country(c), r) = (body, g.role(role)) else { continue };
        let heads = matches!(r.class, RoleClass::HeadOfState | RoleClass::HeadOfGovernment);
        if !r.single || !heads || &*r.name == "president-elect" {
            continue;
        }
        let mut terms: Vec<_> = g.terms_of(body, role).map(|(_, t)| (t.from, t.to)).collect();
        terms.sort_unstable_by_key(|t| t.0);
        let mut end = terms.first().and_then(|t| t.1);
        for (from, to) in terms.into_iter().skip(1) {
            let Some(last) = end else { break };
            if rough(from) - rough(last) > 33 && last > day("2000-01-01") {
                let gap = format!("{} of {} after {last}", r.name, g.country(c).code);
                match explained.get_mut(&gap) {
                    Some(found) => *found = true,
                    None => gaps.push(gap),
                }
            }
            end = to.map(|to| to.max(last));
        }
    }
    let gone: Vec<_> = explained.iter().filter(|(_, found)| !**found).map(|(gap, _)| gap).collect();
    assert!(gaps.is_empty() && gone.is_empty(), "unexplained: {gaps:#?}\nexplained, but not there: {gone:#?}");
}

#[test]
fn every_term_ends_after_it_begins() {
    for person in gazetteer().people() {
        for term in &person.terms {
            assert!(term.to.is_none_or(|to| term.from <= to), "{} {term:?}", person.name);
        }
    }
}
