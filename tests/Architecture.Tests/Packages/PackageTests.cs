namespace SandQueue.Architecture.Tests.Packages;

public sealed class PackageTests
{
    /// <summary>The group of packages that nobody refers to and that are pinned all the same. Each has its reason in a comment there.</summary>
    private const string Transitive = "Transitive";

    [Fact]
    public void Every_pinned_package_is_referred_to_or_stands_among_the_transitive_ones() =>
        PackageFiles.Pinned.Where(pin => pin.Group != Transitive && !PackageFiles.Referenced.Contains(pin.Package)).Select(pin => pin.Package).ShouldBeNone();

    [Fact]
    public void No_package_among_the_transitive_ones_is_referred_to() =>
        PackageFiles.Pinned.Where(pin => pin.Group == Transitive && PackageFiles.Referenced.Contains(pin.Package)).Select(pin => pin.Package).ShouldBeNone();

    /// <summary>A package without a pin fails at restore, one with two pins does not.</summary>
    [Fact]
    public void No_package_is_pinned_twice() =>
        PackageFiles.Pinned.GroupBy(pin => pin.Package, StringComparer.OrdinalIgnoreCase).Where(pins => pins.Skip(1).Any()).Select(pins => pins.Key).ShouldBeNone();
}
