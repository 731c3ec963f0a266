public import Records

/// Lets a plan grow by rounds: a search sees what is recorded and names what is trained next.
public protocol PlanProposer {
  /// The runs of the next round; none when the plan is complete. Runs that the plan has already are left out.
  ///
  /// `records` are those of all runs of `plan`, in its order. What is proposed must follow from the arguments alone: then
  /// the same plan grown twice is the same plan, whatever stopped the training in between.
  func nextRound(after records: [RunRecord], in plan: TrainingPlan) throws -> [PlannedRun]
}
