//! One-to-one matching of maximum weight.

/// Pairs `(row, column)` of maximum total weight, each row and column in one at most; a weight of 0 forbids a pair. Rows have
/// one length. The Hungarian method with potentials (Kuhn 1955, Munkres 1957): O(rows² · columns).
pub(crate) fn best_pairs(weights: &[Vec<i64>]) -> Vec<(usize, usize)> {
    let (n, m) = (weights.len(), weights.first().map_or(0, Vec::len));
    if n == 0 || m == 0 {
        return vec![];
    }
    if n > m {
        let turned: Vec<Vec<i64>> = (0..m).map(|j| weights.iter().map(|row| row[j]).collect()).collect();
        let mut pairs: Vec<_> = best_pairs(&turned).into_iter().map(|(j, i)| (i, j)).collect();
        pairs.sort_unstable();
        return pairs;
    }
    // Column 0 is a stand-in; rows and columns count from 1.
    let (mut u, mut v, mut matched) = (vec![0i64; n + 1], vec![0i64; m + 1], vec![0usize; m + 1]);
    for i in 1..=n {
        matched[0] = i;
        let mut j0 = 0;
        let (mut low, mut way, mut used) = (vec![i64::MAX; m + 1], vec![0usize; m + 1], vec![false; m + 1]);
        loop {
            used[j0] = true;
            let i0 = matched[j0];
            let (mut delta, mut j1) = (i64::MAX, 0);
            for j in 1..=m {
                if used[j] {
                    continue;
                }
                let cost = -weights[i0 - 1][j - 1] - u[i0] - v[j];
                if cost < low[j] {
                    low[j] = cost;
                    way[j] = j0;
                }
                if low[j] < delta {
                    delta = low[j];
                    j1 = j;
                }
            }
            for j in 0..=m {
                if used[j] {
                    u[matched[j]] += delta;
                    v[j] -= delta;
                } else if low[j] != i64::MAX {
                    low[j] -= delta;
                }
            }
            j0 = j1;
            if matched[j0] == 0 {
                break;
            }
        }
        while j0 != 0 {
            matched[j0] = matched[way[j0]];
            j0 = way[j0];
        }
    }
    let mut pairs: Vec<(usize, usize)> = (1..=m)
        .filter(|j| matched[*j] > 0 && weights[matched[*j] - 1][j - 1] > 0)
        .map(|j| (matched[j] - 1, j - 1))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Pairs (gold, prediction) by index: as many required gold entries as possible, then the best total score over them, then
/// optional entries likewise. `score`: `None` when the two cannot match, else 0 to 99.
pub(crate) fn best_matching<G>(
    golds: &[G],
    predictions: usize,
    optional: impl Fn(&G) -> bool,
    score: impl Fn(&G, usize) -> Option<u32>,
) -> Vec<(usize, usize)> {
    let weight = |g: &G, p: usize| match score(g, p) {
        None => 0,
        Some(s) if optional(g) => 100 + i64::from(s),
        Some(s) => 1_000_000_000_000 + 1_000_000 * i64::from(s),
    };
    let weights: Vec<Vec<i64>> = golds.iter().map(|g| (0..predictions).map(|p| weight(g, p)).collect()).collect();
    best_pairs(&weights)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The best total by trying everything.
    fn brute(weights: &[Vec<i64>], row: usize, used: &mut Vec<bool>) -> i64 {
        if row == weights.len() {
            return 0;
        }
        let mut best = brute(weights, row + 1, used);
        for j in 0..used.len() {
            if !used[j] && weights[row][j] > 0 {
                used[j] = true;
                best = best.max(weights[row][j] + brute(weights, row + 1, used));
                used[j] = false;
            }
        }
        best
    }

    proptest! {
        #[test]
        fn no_other_matching_weighs_more(weights in (1usize..5, 1usize..6).prop_flat_map(|(n, m)| {
            prop::collection::vec(prop::collection::vec(prop_oneof![Just(0i64), 1i64..40], m), n)
        })) {
            let pairs = best_pairs(&weights);
            let total: i64 = pairs.iter().map(|(i, j)| weights[*i][*j]).sum();
            prop_assert_eq!(total, brute(&weights, 0, &mut vec![false; weights[0].len()]));
            let rows: std::collections::BTreeSet<_> = pairs.iter().map(|p| p.0).collect();
            let columns: std::collections::BTreeSet<_> = pairs.iter().map(|p| p.1).collect();
            prop_assert!(rows.len() == pairs.len() && columns.len() == pairs.len());
        }
    }

    #[test]
    fn a_required_entry_is_worth_more_than_any_optional_one() {
        let optional = |g: &&str| *g == "optional";
        let pairs =
            best_matching(&["optional", "required"], 1, optional, |g, _| Some(if *g == "optional" { 99 } else { 0 }));
        assert_eq!(pairs, [(1, 0)]);
    }
}
