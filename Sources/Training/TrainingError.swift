import Foundation
public import Records

/// What can go wrong when runs are planned and trained.
public enum TrainingError: UserFacingError, Equatable {
  /// A setting of a protocol is outside its range.
  case setting(name: String, value: String, allowed: String)
  /// A protocol has a key that means nothing.
  case unknownSetting(path: String, allowed: [String])
  /// No task trains architectures of the space.
  case noTask(space: String, known: [String])
  /// A protocol has no section of networks for the space.
  case noNetworkSection(space: String, found: [String])
  /// The section of networks of the space cannot be read.
  case networkSection(space: String, reason: String)
  /// The protocol or the plan in the work folder is not the one asked for.
  case otherPlan(path: String, difference: String)
  /// A plan file cannot be read.
  case unreadablePlan(path: String, reason: String)
  /// The logits of a teacher are missing or damaged.
  case teacherLogits(path: String, reason: String)
  /// A checkpoint cannot be used.
  case checkpoint(path: String, reason: String)
  /// The processor lacks the instructions that the kernels need.
  case processor(missing: [String])
  /// The trainer's BLAS is not the pinned one.
  case unpinnedBLAS(core: String, threads: Int)
  /// The count of failed calls cannot be read.
  case unreadableFailures(path: String, reason: String)
  /// Another process trains in the folder; `since` is a time in ISO 8601.
  case inUse(folder: String, process: Int32?, since: String?)
  /// The system does not start a trainer.
  case cannotStart(program: String, errorNumber: Int32)
  /// The coordinator cannot wait for its trainers.
  case cannotWait(errorNumber: Int32)
  /// Runs that the machine kept from being trained; `missing` counts those that wait for them too.
  case unfinished(failed: [UntrainedRun], missing: Int, planned: Int)
  /// Runs whose trainer crashed; `missing` counts all runs without a record.
  case crashed(failed: [UntrainedRun], missing: Int, planned: Int)
  /// A folder cannot be made.
  case cannotMakeFolder(path: String, errorNumber: Int32)

  /// A run of the plan, counted from 1, and why it was not trained.
  public struct UntrainedRun: Hashable, Sendable {
    public var number: Int
    public var reason: String
  }

  public var code: String {
    switch self {
    case .setting: "training.setting"
    case .unknownSetting: "training.unknown_setting"
    case .noTask: "training.no_task"
    case .noNetworkSection: "training.no_network_section"
    case .networkSection: "training.network_section"
    case .otherPlan: "training.other_plan"
    case .unreadablePlan: "training.unreadable_plan"
    case .teacherLogits: "training.teacher_logits"
    case .checkpoint: "training.checkpoint"
    case .processor: "training.processor"
    case .unpinnedBLAS: "training.unpinned_blas"
    case .unreadableFailures: "training.unreadable_failures"
    case .inUse: "training.in_use"
    case .cannotStart: "training.cannot_start"
    case .cannotWait: "training.cannot_wait"
    case .unfinished: "training.unfinished"
    case .crashed: "training.crashed"
    case .cannotMakeFolder: "training.cannot_make_folder"
    }
  }

  public var message: String {
    switch self {
    case .setting(let name, let value, let allowed): "\(name) is \(value); allowed: \(allowed)"
    case .unknownSetting(let path, let allowed):
      "the key \(path) is unknown; used here: \(allowed.joined(separator: ", "))"
    case .noTask(let space, let known):
      "architectures of \(space) cannot be trained; spaces that can: \(known.joined(separator: ", "))"
    case .noNetworkSection(let space, let found):
      "the protocol has no section network.\(space); it has \(found.isEmpty ? "none" : found.joined(separator: ", "))"
    case .networkSection(let space, let reason):
      "the section network.\(space) of the protocol cannot be used: \(reason)"
    case .otherPlan(let path, let difference): "the plan in \(path) differs from the options: \(difference)"
    case .unreadablePlan(let path, let reason): "\(path) is damaged: \(reason)"
    case .teacherLogits(let path, let reason): "the teacher logits in \(path) cannot be used: \(reason)"
    case .checkpoint(let path, let reason): "the checkpoint \(path) cannot be used: \(reason)"
    case .processor(let missing):
      "training needs a processor with AVX2 and FMA; this one lacks \(missing.joined(separator: ", "))"
    case .unpinnedBLAS(let core, let threads):
      "a trainer must run with OpenBLAS's Haswell kernels on one thread, not \(core) on \(threads)"
    case .unreadableFailures(let path, let reason): "\(path) is damaged: \(reason)"
    case .inUse(let folder, let process, let since):
      "\(process.map { "process \($0)" } ?? "another process") trains in \(folder)\(since.map { " since \($0)" } ?? "")"
    case .cannotStart(let program, let number):
      "cannot start \(program) as a trainer: \(String(cString: strerror(number))) (errno \(number))"
    case .cannotWait(let number):
      "cannot wait for the trainers: \(String(cString: strerror(number))) (errno \(number))"
    case .unfinished(let failed, let missing, let planned):
      "\(missing) of \(planned) runs were not trained: \(Self.list(failed, missing))"
    case .crashed(let failed, let missing, let planned):
      "\(missing) of \(planned) runs were not trained, and a trainer crashed: \(Self.list(failed, missing))"
    case .cannotMakeFolder(let path, let number):
      "cannot create the folder \(path): \(String(cString: strerror(number))) (errno \(number))"
    }
  }

  public var remedy: String? {
    switch self {
    case .noTask: "choose one of these spaces"
    case .unknownSetting, .noNetworkSection, .networkSection:
      "correct the protocol file; `nasatlas info ATLAS --json` shows the protocol of an atlas in the expected form"
    case .setting: "correct the option or the protocol file; `nasatlas help train` lists the options"
    case .otherPlan: "choose another folder with --out, or repeat the options of the first call"
    case .unreadablePlan:
      "remove the file and repeat the command: it writes the plan again and keeps all recorded runs"
    case .unreadableFailures: "remove the file: the count of failed calls starts again, and no run is lost"
    case .inUse(_, let process, _):
      "wait until that process ends\(process.map { ", or end it with `kill \($0)`: no recorded run is lost" } ?? "")"
    case .cannotStart: "free memory or end other processes, then repeat the command"
    case .cannotWait: "repeat the command: it continues where it stopped"
    case .unfinished:
      "repeat the command to try them again; use --workers 1 if memory is short, or --record-failures "
        + "to record a run as failed after \(FailureLog.callsBeforeRecording) such calls"
    case .crashed:
      "report the crash with this message; recorded runs are kept, and the same command tries the others again"
    case .teacherLogits: "repeat the command: it trains the teacher again, with the same logits"
    case .checkpoint: "remove the file: the run begins again"
    case .processor: "train on another machine; querying works everywhere"
    case .unpinnedBLAS: "start trainers through `nasatlas train`, which sets OPENBLAS_CORETYPE and OPENBLAS_NUM_THREADS"
    case .cannotMakeFolder: "check permissions and free space, or choose another folder with --out"
    }
  }

  public var exitStatus: ExitStatus {
    switch self {
    case .setting, .noTask: .usage
    case .unknownSetting, .noNetworkSection, .networkSection, .otherPlan, .unreadablePlan, .teacherLogits, .checkpoint:
      .dataError
    case .processor, .unpinnedBLAS: .unavailable
    case .unreadableFailures: .dataError
    case .inUse, .cannotStart, .unfinished: .temporaryFailure
    case .cannotWait, .crashed: .software
    case .cannotMakeFolder(_, let number):
      [ENOSPC, EDQUOT, EIO].contains(number) ? .inputOutput : .cannotCreate
    }
  }

  /// The first failed runs with their reasons, and how many others are missing.
  private static func list(_ failed: [UntrainedRun], _ missing: Int) -> String {
    let named = failed.prefix(3).map { "run \($0.number) (\($0.reason))" }
    let others = failed.count - named.count
    let waiting = missing - failed.count
    return
      (named + (others > 0 ? ["\(others) more with the same cause"] : [])
      + (waiting > 0 ? ["\(waiting) that depend on them or were not started"] : [])).joined(separator: ", ")
  }
}
