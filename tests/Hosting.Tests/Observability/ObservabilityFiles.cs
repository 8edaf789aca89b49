using System.Text.Json;
using SandQueue.Testing;
using YamlDotNet.RepresentationModel;

namespace SandQueue.Hosting.Tests.Observability;

/// <summary>The files of <c>deploy/observability</c>.</summary>
internal static class ObservabilityFiles
{
    public static readonly string Folder = Path.Combine(Repository.Root, "deploy", "observability");

    /// <summary>The board.</summary>
    public static JsonElement Board { get; } = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "grafana", "boards", "sandqueue.json"))).RootElement;

    /// <summary>The rules, by the names of their alerts.</summary>
    public static IReadOnlyDictionary<string, YamlMappingNode> Alerts { get; } = Items(Items(Read("alerts.yml"), "groups").Single(), "rules").ToDictionary(rule => Text(rule, "alert"));

    public static YamlMappingNode Read(string file)
    {
        using var reader = new StreamReader(Path.Combine(Folder, file));
        var yaml = new YamlStream();
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents.Single().RootNode;
    }

    public static string Text(YamlMappingNode node, params string[] path) => path[..^1].Aggregate(node, (at, name) => (YamlMappingNode)at[name])[path[^1]].ToString();

    public static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string name) => ((YamlSequenceNode)node[name]).Cast<YamlMappingNode>();
}
