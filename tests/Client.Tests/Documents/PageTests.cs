using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using SandQueue.Client.Tests.Servers;
using SandQueue.Testing.Documents;

namespace SandQueue.Client.Tests.Documents;

/// <summary>The programs of <c>docs/dotnet.md</c>, as somebody copies them into a console project: compiled, and run as processes.</summary>
public sealed class PageTests(EmbeddedProgram program) : IDisposable
{
    private const string Address = "http://localhost:8080";
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly IReadOnlyList<DocumentBlock> Page = DocumentBlock.Read(Path.Combine("docs", "dotnet.md"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sqc-page-");

    public static TheoryData<string> Programs => [.. Page.Select(block => block.Subject)];

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task A_program_of_the_page_prints_what_the_page_says(string name)
    {
        var block = Page.Single(block => block.Subject == name);
        block.Text.ShouldContain(Address);
        var compiled = Compile(block.Text.Replace(Address, (await program.AddressAsync()).ToString().TrimEnd('/'), StringComparison.Ordinal));

        var (exit, output, errors) = await Dotnet.RunAsync(["exec", "--depsfile", Beside("deps.json"), "--runtimeconfig", Beside("runtimeconfig.json"), compiled], Limit);

        exit.ShouldBe(0, errors);
        output.TrimEnd('\n').ShouldBe(block.Output);
    }

    [Fact]
    public void The_page_has_programs() => Page.Count.ShouldBeGreaterThan(4);

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Beside(string suffix) => Path.Combine(AppContext.BaseDirectory, $"SandQueue.Client.Tests.{suffix}");

    /// <summary>Into a folder of its own, with the libraries beside it that the tests have.</summary>
    private string Compile(string source)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var compilation = CSharpCompilation.Create(
            "Page", [CSharpSyntaxTree.ParseText(ImplicitUsings, options), CSharpSyntaxTree.ParseText(source, options)], references, new CSharpCompilationOptions(OutputKind.ConsoleApplication));
        foreach (var library in Directory.GetFiles(AppContext.BaseDirectory, "*.dll")) File.CreateSymbolicLink(Path.Combine(_folder.FullName, Path.GetFileName(library)), library);
        var path = Path.Combine(_folder.FullName, "Page.dll");
        var emitted = compilation.Emit(path);
        emitted.Success.ShouldBeTrue(string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        return path;
    }
}
