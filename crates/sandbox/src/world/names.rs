//! Invented people with numbers that no telephone has.
//!
//! Numbers come from ranges that the countries keep for films and books where they have such ranges (US 555-01xx,
//! UK 020 7946 0xxx, SE 08 465 004 xx, DE 030 23125 xxx, FR 01 99 00 xx xx, AU 02 5550 xxxx, IE 020 91x xxxx); elsewhere
//! they are made up with a run of zeros.

use super::Dice;

pub(super) struct Person {
    pub first: &'static str,
    pub last: &'static str,
    pub country: &'static str,
}

const fn person(first: &'static str, last: &'static str, country: &'static str) -> Person {
    Person { first, last, country }
}

/// The agents of the centre: login name, person.
pub(super) const AGENTS: [(&str, Person); 8] = [
    ("ida", person("Ida", "Lindqvist", "SE")),
    ("tomas", person("Tomáš", "Veverka", "CZ")),
    ("amara", person("Amara", "Obi-Nwosu", "NG")),
    ("kenji", person("Kenji", "Morisaki", "JP")),
    ("lucia", person("Lucía", "Barreto", "ES")),
    ("noah", person("Noah", "Feldkamp", "DE")),
    ("priya", person("Priya", "Ramanuj", "IN")),
    ("oisin", person("Oisín", "Tierney", "IE")),
];

/// The people who call and write.
pub(super) const CUSTOMERS: [Person; 48] = [
    person("Marie", "Nováčková", "CZ"),
    person("Jiří", "Šťastný-Dvorský", "CZ"),
    person("Karel", "Prošek", "CZ"),
    person("Eva", "Holubcová", "CZ"),
    person("Astrid", "Öhrn", "SE"),
    person("Björn", "Åkerblad", "SE"),
    person("Maja", "Sandquist", "SE"),
    person("Jürgen", "Weißmüller", "DE"),
    person("Annegret", "Großkreuz", "DE"),
    person("Lena", "Bachofer", "DE"),
    person("Siobhán", "O’Meara", "IE"),
    person("Cormac", "Ó Dálaigh", "IE"),
    person("Harriet", "Pemberley", "GB"),
    person("Rhys", "Llewelyn-Prys", "GB"),
    person("Gareth", "Thistlewood", "GB"),
    person("Denise", "Calloway", "US"),
    person("Marcus", "Yellowhorse", "US"),
    person("Guadalupe", "Santillán Rey", "US"),
    person("Trinh", "Ngọc Ánh", "US"),
    person("Chloé", "Lefèbvre-Roy", "FR"),
    person("Aurélien", "d’Estaubé", "FR"),
    person("Ines", "Carvalhosa", "PT"),
    person("Giulia", "Fontanarossa", "IT"),
    person("Niccolò", "Dell’Acquedotto", "IT"),
    person("Zoltán", "Kővágóörsi", "HU"),
    person("Agnieszka", "Wąsikowa", "PL"),
    person("Grzegorz", "Brzęczykowski", "PL"),
    person("Ελένη", "Παπαδάκη-Λύκου", "GR"),
    person("Олена", "Криворученко", "UA"),
    person("Богдан", "Степовий", "UA"),
    person("יעל", "בן־שלומי", "IL"),
    person("ليلى", "الحدادي", "AE"),
    person("عمر", "بن سالمين", "AE"),
    person("さくら", "藤ノ木", "JP"),
    person("健太", "小鳥遊", "JP"),
    person("美玲", "欧阳", "CN"),
    person("민서", "남궁", "KR"),
    person("Ayşe", "Gündoğdulu", "TR"),
    person("Çağrı", "Işıkören", "TR"),
    person("Nguyễn", "Thị Bảo Trâm", "VN"),
    person("Ravi", "Chandrashekharan", "IN"),
    person("Meenakshi", "Sundaralingam", "IN"),
    person("Wanjiru", "Kamande", "KE"),
    person("Thandolwethu", "Mkhonza", "ZA"),
    person("Kaiwhetū", "Parata-Rere", "NZ"),
    person("Matilda", "Quong", "AU"),
    person("", "Suharsono", "ID"),
    person("Sigríður", "Hallgrímsdóttir-Vestmann", "IS"),
];

pub(super) const COMPANIES: [(&str, &str); 10] = [
    ("Kolibri Tiskárny s.r.o.", "CZ"),
    ("Nordljus Möbler AB", "SE"),
    ("Apfelbaum & Söhne GmbH", "DE"),
    ("Thistle Row Pharmacies Ltd", "GB"),
    ("Blue Mesa Outfitters, Inc.", "US"),
    ("Boulangerie du Vieux Puits", "FR"),
    ("Παραμύθι Τουριστική", "GR"),
    ("すずらん書店", "JP"),
    ("Baobab Solar Cooperative", "KE"),
    ("مكتبة النخيل", "AE"),
];

/// A telephone number of that country that belongs to nobody.
pub(super) fn number(country: &str, dice: &mut Dice) -> String {
    let mut n = |from: i64, to: i64, width: usize| format!("{:0width$}", dice.between(from, to));
    match country {
        "US" => {
            let area = ["202", "312", "415", "617", "713"][usize::try_from(dice.between(0, 5)).unwrap_or(0)];
            format!("+1{area}55501{:02}", dice.between(0, 96))
        }
        "GB" => format!("+442079460{}", n(0, 996, 3)),
        "SE" => format!("+46846500{}", n(400, 496, 3)),
        "DE" => format!("+493023125{}", n(0, 996, 3)),
        "FR" => format!("+331990{}", n(0, 9996, 5)),
        "IE" => format!("+35320910{}", n(0, 9996, 4)),
        "AU" => format!("+6125550{}", n(0, 9996, 4)),
        "CZ" => format!("+420700000{}", n(0, 96, 3)),
        "PL" => format!("+4822000{}", n(0, 9996, 4)),
        "PT" => format!("+35121000{}", n(0, 9996, 4)),
        "ES" => format!("+34910000{}", n(0, 996, 3)),
        "IT" => format!("+39060000{}", n(0, 9996, 4)),
        "HU" => format!("+361000{}", n(0, 9996, 4)),
        "GR" => format!("+30210000{}", n(0, 9996, 4)),
        "UA" => format!("+380440000{}", n(0, 996, 3)),
        "IL" => format!("+97220000{}", n(0, 996, 3)),
        "AE" => format!("+97140000{}", n(0, 996, 3)),
        "JP" => format!("+81300000{}", n(0, 996, 3)),
        "CN" => format!("+86100000{}", n(0, 9996, 4)),
        "KR" => format!("+8220000{}", n(0, 9996, 4)),
        "TR" => format!("+902120000{}", n(0, 996, 3)),
        "VN" => format!("+84240000{}", n(0, 9996, 4)),
        "IN" => format!("+911100000{}", n(0, 996, 3)),
        "KE" => format!("+254200000{}", n(0, 996, 3)),
        "NG" => format!("+23410000{}", n(0, 996, 3)),
        "ZA" => format!("+27110000{}", n(0, 996, 3)),
        "NZ" => format!("+6490000{}", n(0, 996, 3)),
        "ID" => format!("+62210000{}", n(0, 9996, 4)),
        _ => format!("+354500{}", n(0, 9996, 4)),
    }
}

/// The number of somebody who is in no address book.
pub(super) fn stranger(dice: &mut Dice) -> String {
    let country =
        ["US", "GB", "SE", "DE", "FR", "IE", "AU"][usize::try_from(dice.between(0, 7)).unwrap_or(0)];
    number(country, dice)
}

/// A name in letters that fit into an address.
pub(super) fn plain(name: &str, fallback: &str) -> String {
    let kept: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    if kept.len() < 2 { fallback.to_owned() } else { kept }
}
