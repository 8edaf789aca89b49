using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Files;

public sealed class FileTests
{
    private const int MostLines = 400;

    /// <summary>Not those that are generated with a migration: each of them shows the whole model.</summary>
    [Fact]
    public void No_file_is_longer_than_anybody_reads() =>
        SourceFiles.Of("src", "testkit", "tests", "bench")
            .Where(file => file.Lines > MostLines && !file.Path.Contains("/Migrations/", StringComparison.Ordinal))
            .Select(file => $"{file.Path} has {file.Lines} lines of {MostLines}")
            .ShouldBeNone();

    [Fact]
    public void Consumers_are_found() => SourceFiles.Of("src").SelectMany(file => Declarations.ConsumersIn(file.Text)).ShouldContain("StepInstanceConsumer");

    [Fact]
    public void One_consumer_a_file() =>
        SourceFiles.Of("src")
            .Where(file => Declarations.ConsumersIn(file.Text).Skip(1).Any())
            .Select(file => $"{file.Path} has {string.Join(", ", Declarations.ConsumersIn(file.Text))}")
            .ShouldBeNone();

    [Fact]
    public void One_public_type_a_contract_file() =>
        SourceFiles.Of("src/Contracts")
            .Where(file => Declarations.PublicTypesIn(file.Text).Skip(1).Any())
            .Select(file => $"{file.Path} has {string.Join(", ", Declarations.PublicTypesIn(file.Text))}")
            .ShouldBeNone();
}
