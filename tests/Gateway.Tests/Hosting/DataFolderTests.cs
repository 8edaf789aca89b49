using SandQueue.Gateway.Hosting;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Tests.Hosting;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("sandqueue-data-");

    private string Folder => Path.Combine(_parent.FullName, "deep", "inside");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void A_folder_is_made_where_there_is_none()
    {
        using var folder = DataFolder.Open(Folder);
        folder.Path.ShouldBe(Folder);
        Path.GetDirectoryName(folder.Database).ShouldBe(Folder);
        Directory.Exists(Folder).ShouldBeTrue();
    }

    [Fact]
    public void One_process_has_it_at_a_time()
    {
        var first = DataFolder.Open(Folder);

        var message = Should.Throw<StartupException>(() => DataFolder.Open(Folder)).Message;
        message.ShouldContain(Folder);
        message.ShouldContain("--data");
        using (DataFolder.Open(Path.Combine(_parent.FullName, "another")))
        {
        }

        first.Dispose();
        using var second = DataFolder.Open(Folder);
    }

    [Fact]
    public void A_file_in_its_place_is_said()
    {
        File.WriteAllText(Path.Combine(_parent.FullName, "file"), "");
        var message = Should.Throw<StartupException>(() => DataFolder.Open(Path.Combine(_parent.FullName, "file"))).Message;
        message.ShouldContain("cannot use the data folder");
    }

    [Fact]
    public void A_relative_folder_is_said_in_full()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, Folder);
        using var folder = DataFolder.Open(relative);
        folder.Path.ShouldBe(Folder);
    }
}
