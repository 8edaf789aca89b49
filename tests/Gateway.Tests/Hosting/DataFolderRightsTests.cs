using System.Runtime.Versioning;
using SandQueue.Gateway.Hosting;
using SandQueue.Hosting.Startup;

namespace SandQueue.Gateway.Tests.Hosting;

/// <summary>Who may read what lies in the data folder.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DataFolderRightsTests : IDisposable
{
    private const UnixFileMode All = (UnixFileMode)0b111_111_111;

    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("sandqueue-rights-");

    private string Folder => Path.Combine(_parent.FullName, "data");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void A_new_folder_and_its_files_are_its_users_alone()
    {
        using var folder = DataFolder.Open(Folder);
        Mode(Folder).ShouldBe("700");
        Mode(Path.Combine(Folder, "lock")).ShouldBe("600");
        Mode(folder.Database).ShouldBe("600");
    }

    [Fact]
    public void Wider_rights_from_before_are_taken_away()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, All);
        string[] files = ["lock", "sandqueue.db", "sandqueue.db-wal", "sandqueue.db-shm"];
        foreach (var file in files)
        {
            File.WriteAllText(Path.Combine(Folder, file), "");
            File.SetUnixFileMode(Path.Combine(Folder, file), All);
        }

        using var folder = DataFolder.Open(Folder);

        Mode(Folder).ShouldBe("700");
        files.Select(file => Mode(Path.Combine(Folder, file))).ShouldAllBe(mode => mode == "600");
    }

    [Fact]
    public void A_folder_that_all_users_share_is_no_data_folder()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, All | UnixFileMode.StickyBit);

        Should.Throw<StartupException>(() => DataFolder.Open(Folder)).Message.ShouldContain("inside of it with --data");

        Mode(Folder).ShouldBe("1777");
    }

    private static string Mode(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
