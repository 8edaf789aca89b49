using SandQueue.Architecture.Tests.Reading.Samples;
using SandQueue.Hosting.Settings;

namespace SandQueue.Architecture.Tests.Reading;

public sealed class UsedTypesTests
{
    private static readonly CompiledProject This = CompiledProject.Read(typeof(UsedTypesTests).Assembly.Location);

    /// <summary>However a type is used, its use is seen, and counts for the outermost type that it stands in.</summary>
    [Fact]
    public void Every_way_of_using_a_type_is_seen() => UsedBy("User").ShouldBe(
        typeof(ByBase).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(ByBase).Namespace && !type.IsNested && type != typeof(User<>))
            .Select(type => type.Name)
            .Order(StringComparer.Ordinal));

    [Fact]
    public void What_the_compiler_adds_is_no_use() => This.Uses.Where(use => use.From.Name.Contains('<', StringComparison.Ordinal) || use.To.Name.Contains('<', StringComparison.Ordinal)).ShouldBeEmpty();

    private static IEnumerable<string> UsedBy(string name) =>
        This.Uses.Where(use => use.From.Name == name && use.To.Namespace == typeof(ByBase).Namespace).Select(use => use.To.Name).Order(StringComparer.Ordinal);
}
