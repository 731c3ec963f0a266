public import Records

/// What can go wrong when runs are planned and trained.
public enum TrainingError: UserFacingError, Equatable {
  /// A setting of a protocol is outside its range.
  case setting(name: String, value: String, allowed: String)
  /// The protocol or the plan in the work folder is not the one asked for.
  case otherPlan(path: String, difference: String)
  /// A plan file cannot be read.
  case unreadablePlan(path: String, reason: String)
  /// The logits of a teacher are missing or damaged.
  case teacherLogits(path: String, reason: String)
  /// The processor lacks the instructions that the kernels need.
  case processor(missing: [String])
  /// The trainer's BLAS is not the pinned one.
  case unpinnedBLAS(core: String, threads: Int)
  /// A trainer process ended without an answer.
  case workerEnded(worker: Int, status: Int32)
  /// A file of the work folder cannot be written.
  case cannotWrite(path: String, reason: String)

  public var code: String {
    switch self {
    case .setting: "training.setting"
    case .otherPlan: "training.other-plan"
    case .unreadablePlan: "training.unreadable-plan"
    case .teacherLogits: "training.teacher-logits"
    case .processor: "training.processor"
    case .unpinnedBLAS: "training.unpinned-blas"
    case .workerEnded: "training.worker-ended"
    case .cannotWrite: "training.cannot-write"
    }
  }

  public var message: String {
    switch self {
    case .setting(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
    case .otherPlan(let path, let difference): "\(path) holds another plan: \(difference)"
    case .unreadablePlan(let path, let reason): "\(path) is no training plan: \(reason)"
    case .teacherLogits(let path, let reason): "the logits of a teacher cannot be used: \(path): \(reason)"
    case .processor(let missing):
      "training needs a processor with AVX2 and FMA; this one lacks \(missing.joined(separator: ", "))"
    case .unpinnedBLAS(let core, let threads):
      "a trainer must run with OpenBLAS's Haswell kernels on one thread, not \(core) on \(threads)"
    case .workerEnded(let worker, let status): "trainer \(worker) ended with status \(status) before it answered"
    case .cannotWrite(let path, let reason): "\(path) cannot be written: \(reason)"
    }
  }

  public var remedy: String? {
    switch self {
    case .setting: "correct the option or the protocol file; `nasatlas help train` lists the options"
    case .otherPlan: "choose another folder with --out, or repeat the options that the folder was made with"
    case .unreadablePlan: "remove the file, or choose another folder with --out"
    case .teacherLogits: "start the same command again: the teacher is trained anew and gives the same logits"
    case .processor: "train on another machine; querying works everywhere"
    case .unpinnedBLAS: "start trainers through `nasatlas train`, which sets OPENBLAS_CORETYPE and OPENBLAS_NUM_THREADS"
    case .workerEnded:
      "start the same command again: it continues where it stopped; with --workers 1 if memory is short"
    case .cannotWrite: "check the folder's permissions and the space left, then start the same command again"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .setting: .usage
    case .otherPlan, .unreadablePlan, .teacherLogits: .dataError
    case .processor, .unpinnedBLAS: .unavailable
    case .workerEnded: .software
    case .cannotWrite: .cannotCreate
    }
  }
}
