using SandQueue.Testing;

namespace SandQueue.Architecture.Tests;

public sealed class PageTests
{
    private const string Heading = "## Which folder may use which";

    /// <summary>The tables on the page are those in <see cref="AllowedArrows"/>, word for word and in that order.</summary>
    [Fact]
    public void The_page_shows_the_tables_that_hold()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        var start = page.IndexOf(Heading, StringComparison.Ordinal);
        start.ShouldBeGreaterThanOrEqualTo(0, $"docs/architecture.md has no heading '{Heading}'");
        var end = page.IndexOf("\n## ", start + Heading.Length, StringComparison.Ordinal);
        var section = page[start..(end < 0 ? page.Length : end)];

        Tables(section).ShouldBe([AllowedArrows.Projects.Text, .. AllowedArrows.Folders.Values.Select(table => table.Text)]);
    }

    private static IEnumerable<string> Tables(string section) => section.Split("\n\n").Select(part => part.Trim('\n')).Where(part => part.StartsWith('|'));
}
