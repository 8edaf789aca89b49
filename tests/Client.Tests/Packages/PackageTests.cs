using System.IO.Compression;
using System.Xml.Linq;
using SandQueue.Client.Tests.Servers;
using SandQueue.Testing;

namespace SandQueue.Client.Tests.Packages;

/// <summary>The package, as <c>dotnet pack</c> makes it.</summary>
public sealed class PackageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task It_has_what_its_users_need_and_depends_on_the_broker_client_alone()
    {
        var folder = Directory.CreateTempSubdirectory("sqc-pack-");
        try
        {
            // What the build of these tests has made is packed as it is.
            var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
            var (exit, output, errors) = await Dotnet.RunAsync(["pack", Path.Combine(Repository.Root, "src", "Client"), "-o", folder.FullName, "--no-build", "--configuration", configuration], Limit);
            exit.ShouldBe(0, $"{output}{errors}");

            using var package = ZipFile.OpenRead(folder.GetFiles("SandQueue.Client.*.nupkg").Single().FullName);
            foreach (var file in (string[])["README.md", "lib/net10.0/SandQueue.Client.dll", "lib/net10.0/SandQueue.Client.xml"]) package.GetEntry(file).ShouldNotBeNull(file);
            await using var nuspec = package.GetEntry("SandQueue.Client.nuspec")!.Open();
            var described = XDocument.Load(nuspec).Root!;
            Texts(described, "license").ShouldBe(["Apache-2.0"]);
            Texts(described, "readme").ShouldBe(["README.md"]);
            described.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!).ShouldBe(["RabbitMQ.Client"]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Texts(XElement described, string name) => described.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value);
}
