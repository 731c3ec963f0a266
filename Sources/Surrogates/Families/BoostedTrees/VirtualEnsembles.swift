/// Several models out of one: the trees up to some point, for several points in the second half (Malinin, Prokhorenkova
/// and Ustimenko, 2021; CatBoost's `virtual_ensembles_predict`).
struct VirtualEnsembles {
  /// How many trees each member has, ascending, the last all T.
  let ends: [Int]
  /// What undoes the shrinkage that trees after a member's last have brought it.
  let factors: [Double]

  /// `members` of T trees that shrank by `shrinkage` before each tree but the first.
  ///
  /// With p = T / 2c, member i has T − (c − 1 − i)·p trees. Fewer members where there are not two trees for each.
  init(trees: Int, members: Int, shrinkage: Double) {
    let members = max(1, min(members, trees / 2))
    let period = trees / (2 * members)
    ends = (0..<members).map { trees - (members - 1 - $0) * period }
    factors = ends.map { end in
      var factor = 1.0
      for _ in end..<trees { factor /= shrinkage }
      return factor
    }
  }
}
