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
    .library(name: "Datasets", targets: ["Datasets"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2")
  ],
  targets: [
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "Records",
      dependencies: ["CZlib", .product(name: "Crypto", package: "swift-crypto")],
      swiftSettings: swiftSettings),
    .target(
      name: "Datasets",
      dependencies: ["Records", "CZlib"],
      swiftSettings: swiftSettings),
    .testTarget(name: "RecordsTests", dependencies: ["Records"], swiftSettings: swiftSettings),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Records"], swiftSettings: swiftSettings),
  ]
)
