using Mono.Cecil;
using SandQueue.Environments.Abstractions.Episodes;
using SandQueue.Environments.Loading;
using SandQueue.Environments.Tests.Loading.Samples;

namespace SandQueue.Environments.Tests.Loading;

/// <summary>This assembly is loaded once more, apart from itself, as one of others would be.</summary>
public sealed class OutsideEnvironmentTests : IDisposable
{
    private static readonly string Own = typeof(OutsideEnvironmentTests).Assembly.Location;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sandqueue-loading-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_class_is_made_of_the_assembly_and_shares_the_interface_alone()
    {
        var environment = OutsideEnvironment.Load("sample", Own, typeof(SampleEnvironment).FullName);

        environment.Description.Name.ShouldBe("sample");
        environment.GetType().FullName.ShouldBe(typeof(SampleEnvironment).FullName);
        environment.GetType().ShouldNotBe(typeof(SampleEnvironment));
        environment.ListTasks("train").ShouldBe(["0"]);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named() =>
        Refused("/nowhere/Mine.dll").ShouldBe("there is no file /nowhere/Mine.dll to load the environment 'sample' from; build its project, or correct Assembly");

    [Fact]
    public void A_file_that_is_no_assembly_is_named()
    {
        var file = InFolder("Mine.dll");
        File.WriteAllText(file, "not a library");
        Refused(file).ShouldStartWith($"{file} is no .NET assembly");
    }

    [Fact]
    public void An_assembly_that_does_not_use_the_abstractions_has_no_environment()
    {
        var file = typeof(Assert).Assembly.Location;
        Refused(file).ShouldBe($"{file} does not use SandQueue.Environments.Abstractions, so it has no environment; name the assembly of your own class library");
    }

    [Theory]
    [InlineData("0.1.7", true)]
    [InlineData("0.0.9", false)]
    [InlineData("0.2.0", false)]
    [InlineData("1.1.0", false)]
    public void An_assembly_for_another_version_says_both(string version, bool isCompatible)
    {
        var file = Referring(version);

        var refused = Refused(file);

        if (isCompatible) refused.ShouldBe($"{file} has no class that implements IEnvironment");
        else refused.ShouldBe($"{file} was built for SandQueue.Environments.Abstractions {version}, and this server has 0.1.0; refer to that version and build again");
    }

    [Fact]
    public void Of_several_classes_one_has_to_be_named()
    {
        Refused(Own).ShouldMatch($"has several classes that implement IEnvironment: .*{typeof(DataEnvironment).FullName}, .*{typeof(SampleEnvironment).FullName}.*; name one by Class$");
        Refused(Own, "Mine.Game").ShouldMatch($"has no class Mine.Game that implements IEnvironment; it has .*{typeof(SampleEnvironment).FullName}");
        Refused(Own, typeof(OutsideEnvironmentTests).FullName).ShouldContain("has no class");
    }

    [Fact]
    public void A_constructor_that_fails_says_why_and_where() =>
        Refused(Own, typeof(FailingEnvironment).FullName).ShouldMatch(
            @"^the constructor of \S+FailingEnvironment of \S+\.dll failed: InvalidOperationException: the dice are gone \(at \S+FailingEnvironment\.\.ctor\(\) in .+FailingEnvironment\.cs:line 6\)$");

    [Fact]
    public void A_constructor_that_says_what_is_wrong_with_the_data_is_quoted() =>
        Refused(Own, typeof(DataEnvironment).FullName).ShouldBe("words.txt has no words");

    [Fact]
    public void A_constructor_takes_nothing() =>
        Refused(Own, typeof(FolderEnvironment).FullName).ShouldEndWith("has no constructor without parameters");

    [Fact]
    public void An_environment_is_served_by_the_name_it_gives_itself() =>
        Should.Throw<InvalidDataException>(() => OutsideEnvironment.Load("other", Own, typeof(SampleEnvironment).FullName)).Message
            .ShouldEndWith("describes itself as 'sample', and the settings serve it as 'other'; the two have to be alike");

    private static string Refused(string file, string? className = null)
    {
        var message = Should.Throw<InvalidDataException>(() => OutsideEnvironment.Load("sample", file, className)).Message;
        message.ShouldNotContain("\n");
        return message;
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>An assembly without a class, built for a version of the abstractions.</summary>
    private string Referring(string version)
    {
        var file = InFolder("Mine.dll");
        using var module = ModuleDefinition.CreateModule("Mine", ModuleKind.Dll);
        module.AssemblyReferences.Add(new AssemblyNameReference(typeof(IEnvironment).Assembly.GetName().Name, Version.Parse($"{version}.0")));
        module.Write(file);
        return file;
    }
}
