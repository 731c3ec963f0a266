// swift-tools-version: 6.1
import PackageDescription

/// One set of settings for every target of our own.
let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .unsafeFlags(["-warnings-as-errors"]),
]

/// The inner loops are optimised in every configuration (a debug build of them is fifty times slower) and compiled for
/// one instruction set; `Nets` chooses between them at run time.
func kernelTarget(_ name: String, architecture: String, defines: [String] = []) -> Target {
  .target(
    name: name,
    swiftSettings: swiftSettings + [
      .unsafeFlags(["-Ounchecked", "-Xcc", "-march=\(architecture)"] + defines.map { "-D\($0)" })
    ])
}

func room(_ name: String, _ dependencies: [Target.Dependency], extra: [SwiftSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings + extra)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swiftSettings)
}

let package = Package(
  name: "NASAtlas",
  products: [
    .library(name: "Records", targets: ["Records"]),
    .library(name: "Oracles", targets: ["Oracles"]),
    .library(name: "Spaces", targets: ["Spaces"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "Training", targets: ["Training"]),
    .library(name: "Store", targets: ["Store"]),
    .library(name: "Surrogates", targets: ["Surrogates"]),
    .library(name: "Benchmarks", targets: ["Benchmarks"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
    .library(name: "Reports", targets: ["Reports"]),
    .library(name: "WebPages", targets: ["WebPages"]),
    .executable(name: "nasatlas", targets: ["nasatlas"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.0.2"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CLibdeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    room("Records", ["CLibdeflate", .product(name: "Crypto", package: "swift-crypto")]),
    room("Oracles", ["Records"]),
    room("Statistics", ["Records"]),
    room("Spaces", ["Records"]),
    room("Datasets", ["Records", "CZlib"]),
    kernelTarget("KernelsAVX2", architecture: "x86-64-v3"),
    kernelTarget("KernelsAVX512", architecture: "x86-64-v4", defines: ["AVX512"]),
    room(
      "Nets", ["Records", "COpenBLAS", "KernelsAVX2", "KernelsAVX512"],
      extra: [.unsafeFlags(["-enforce-exclusivity=unchecked"]), .unsafeFlags(["-O"], .when(configuration: .debug))]),
    room("Training", ["Records", "Oracles", "Spaces", "Datasets", "Nets"]),
    room(
      "Store",
      [
        "Records", "CLibdeflate", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room(
      "Surrogates", ["Records", "Statistics", "Spaces", "Nets", "COpenBLAS"],
      extra: [.unsafeFlags(["-enforce-exclusivity=unchecked"]), .unsafeFlags(["-O"], .when(configuration: .debug))]),
    room("Benchmarks", ["Records", "Oracles", "Statistics", "Spaces", "Store", "Surrogates"]),
    room("Evaluation", ["Records", "Statistics", "Spaces", "Surrogates"]),
    room("Reports", ["Records", "Statistics", "Evaluation"]),
    room(
      "WebPages",
      [
        "Records", "Oracles", "Spaces", "Store", "Surrogates", "Benchmarks", "Reports",
        .product(name: "Mustache", package: "swift-mustache"),
      ]),
    room(
      "QueryServer",
      [
        "Records", "Oracles", "Statistics", "Spaces", "Store", "Surrogates", "Benchmarks", "Evaluation", "WebPages",
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOFoundationCompat", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
        .product(name: "NIOHTTPCompression", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
      ]),
    .executableTarget(
      name: "nasatlas",
      dependencies: [
        "Records", "Oracles", "Spaces", "Datasets", "Nets", "Training", "Store", "Surrogates", "Benchmarks",
        "Evaluation", "Reports", "QueryServer",
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: swiftSettings),
    room("TestSupport", ["Records", "Oracles", "Spaces", "Datasets", "Surrogates"]),
    .executableTarget(
      name: "training-bench", dependencies: ["Nets", "Records"], path: "tools/bench/training",
      swiftSettings: swiftSettings + [.unsafeFlags(["-enforce-exclusivity=unchecked"])]),
    .executableTarget(
      name: "synthetic-journal", dependencies: ["TestSupport"], path: "tools/bench/synthetic",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "codec-bench", dependencies: ["Store", "Records"], path: "tools/bench/codec",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "atlas-bench",
      dependencies: ["Benchmarks", "Records", "Spaces", "Store", .product(name: "GRDB", package: "GRDB.swift")],
      path: "tools/bench/atlas/swift", swiftSettings: swiftSettings),
    .executableTarget(
      name: "surrogates-bench", dependencies: ["Surrogates", "Records", "Spaces"], path: "tools/bench/surrogates/swift",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "digest-bench", dependencies: ["Records"], path: "tools/bench/build/digest", swiftSettings: swiftSettings),
    .executableTarget(
      name: "JournalProbe", dependencies: ["Records"], path: "Tests/JournalProbe", swiftSettings: swiftSettings),
    .executableTarget(
      name: "IngestProbe", dependencies: ["Records", "Store"], path: "Tests/IngestProbe",
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "TrainerProbe", dependencies: ["Records", "Oracles", "Training", "TestSupport"],
      path: "Tests/TrainerProbe", swiftSettings: swiftSettings),
    tests("RecordsTests", ["Records", "JournalProbe", "TestSupport"], exclude: ["Corpus"]),
    tests("OraclesTests", ["Oracles", "Records", "TestSupport"]),
    tests("StatisticsTests", ["Statistics", "Records"], exclude: ["Golden"]),
    tests(
      "SurrogatesTests", ["Surrogates", "Statistics", "Records", "Spaces", "Nets", "TestSupport"], exclude: ["Golden"]),
    tests("EvaluationTests", ["Evaluation", "Statistics", "Surrogates", "Records", "Spaces"]),
    tests("ReportsTests", ["Reports", "Evaluation", "Records"], exclude: ["Snapshots"]),
    tests("WebPagesTests", ["WebPages", "Benchmarks", "Oracles", "Records", "Spaces", "Store", "Surrogates"]),
    tests("SpacesTests", ["Records", "Spaces", "TestSupport"], exclude: ["Fixtures"]),
    tests("DatasetsTests", ["Datasets", "Records"]),
    tests(
      "StoreTests",
      ["Records", "Store", "IngestProbe", "TestSupport", .product(name: "GRDBSQLite", package: "GRDB.swift")],
      exclude: ["Corpus"]),
    tests("BenchmarksTests", ["Benchmarks", "Oracles", "Records", "Spaces", "Store", "Surrogates", "TestSupport"]),
    .testTarget(
      name: "NASAtlasCLITests", dependencies: ["nasatlas", "Records", "Spaces", "TestSupport"],
      path: "Tests/nasatlasTests", exclude: ["Snapshots"], swiftSettings: swiftSettings),
    tests(
      "QueryServerTests",
      [
        "QueryServer", "Benchmarks", "Evaluation", "Oracles", "Records", "Spaces", "Store", "TestSupport", "nasatlas",
        .product(name: "GRDBSQLite", package: "GRDB.swift"), .product(name: "Logging", package: "swift-log"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]),
    tests("ArchitectureTests", []),
    .target(name: "CAllocationCounter", path: "Tests/CAllocationCounter"),
    tests("NetsTests", ["Nets", "Records", "CAllocationCounter"], exclude: ["Golden"]),
    tests(
      "TrainingTests",
      ["Training", "Records", "Oracles", "Spaces", "Datasets", "Nets", "TestSupport", "TrainerProbe", "nasatlas"],
      exclude: ["Golden"]),
  ]
)
