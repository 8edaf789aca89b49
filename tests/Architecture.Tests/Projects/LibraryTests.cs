using SandQueue.Architecture.Tests.Reading;

namespace SandQueue.Architecture.Tests.Projects;

/// <summary>What some projects may not know of the libraries around them.</summary>
public sealed class LibraryTests
{
    /// <summary>
    /// They run where nothing else is: the environment server in a container without a runtime, and its abstractions beside whatever an author's own
    /// libraries are.
    /// </summary>
    [Theory]
    [InlineData("Environments.Abstractions", new[] { "System." })]
    [InlineData("Environments", new[] { "System.", "Microsoft.Win32.Primitives", "Microsoft.AspNetCore", "Microsoft.Extensions.", "SandQueue.Environments.Abstractions", "SandQueue.Frames" })]
    [InlineData("Frames", new[] { "System.", "Microsoft.AspNetCore", "Microsoft.Extensions." })]
    public void These_use_nothing_but_the_frameworks(string project, string[] frameworks)
    {
        CompiledProjects.Named(project).References.Where(reference => !frameworks.Any(framework => reference.StartsWith(framework, StringComparison.Ordinal))).ShouldBeNone();
        ProjectReferences.Packages(project).ShouldBeNone();
    }

    /// <summary>Messages know the form they travel in, and no bus.</summary>
    [Fact]
    public void The_contracts_use_nothing_but_the_framework_and_what_writes_them()
    {
        CompiledProjects.Named("Contracts").References.Where(reference => reference is not ("MemoryPack.Core" or "Microsoft.Win32.Primitives") && !reference.StartsWith("System.", StringComparison.Ordinal)).ShouldBeNone();
        ProjectReferences.Packages("Contracts").ShouldBe(["MemoryPack"]);
    }

    /// <summary>It is in every trainer's process, beside whatever libraries that has.</summary>
    [Fact]
    public void The_client_uses_nothing_but_the_framework_and_the_broker_client()
    {
        CompiledProjects.Named("Client").References.Where(reference => reference != "RabbitMQ.Client" && !reference.StartsWith("System.", StringComparison.Ordinal)).ShouldBeNone();
        ProjectReferences.Packages("Client").ShouldBe(["RabbitMQ.Client"]);
    }

    /// <summary>The command core serves doors that speak neither HTTP nor JSON.</summary>
    [Fact]
    public void The_command_core_knows_no_HTTP_and_no_JSON_fields() =>
        CompiledProjects.Named("Routing").Uses.Where(use => IsOfADoor(use.To)).Select(use => $"{use.From.Name} uses {use.To.Namespace}.{use.To.Name}").ShouldBeNone();

    /// <summary>A gateway of the embedded mode hosts a worker, and knows no more of it.</summary>
    [Fact]
    public void The_gateway_uses_of_the_worker_only_what_hosts_one() =>
        FolderUses.All.Where(use => use.Project == "Gateway" && FolderUse.ProjectOf(use.To) == "Workers" && !AllowedArrows.WorkersForGateway.Contains(use.To)).ShouldBeNone();

    private static bool IsOfADoor(TypeName type) =>
        type.Namespace.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || type.Namespace.StartsWith("System.Net.Http", StringComparison.Ordinal)
        || type is { Namespace: "System.Net", Name: "HttpStatusCode" }
        || type is { Namespace: "System.Text.Json", Name: "JsonElement" or "JsonDocument" or "JsonProperty" }
        || type.Namespace == "System.Text.Json.Nodes";
}
