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

let package = Package(
  name: "NASAtlas",
  products: [
    .library(name: "Records", targets: ["Records"]),
    .library(name: "Store", targets: ["Store"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Records",
      dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swiftSettings),
    .target(
      name: "Store",
      dependencies: [
        "Records", "CZlib",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "JournalProbe", dependencies: ["Records"], path: "Tests/JournalProbe", swiftSettings: swiftSettings),
    .testTarget(name: "RecordsTests", dependencies: ["Records", "JournalProbe"], swiftSettings: swiftSettings),
    .executableTarget(
      name: "IngestProbe", dependencies: ["Records", "Store"], path: "Tests/IngestProbe",
      swiftSettings: swiftSettings),
    .testTarget(
      name: "StoreTests", dependencies: ["Records", "Store", "IngestProbe"], swiftSettings: swiftSettings),
  ]
)
