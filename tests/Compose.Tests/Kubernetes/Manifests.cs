using k8s;
using k8s.Models;
using SandQueue.Testing;
using YamlDotNet.RepresentationModel;

namespace SandQueue.Compose.Tests.Kubernetes;

/// <summary>The manifests of <c>deploy/kubernetes</c>, as the cluster's own types where it has one.</summary>
internal static class Manifests
{
    public static readonly string Folder = Path.Combine(Repository.Root, "deploy", "kubernetes");

    private static readonly IDeserializer[] Kinds =
    [
        new Of<V1Namespace>("Namespace"), new Of<V1ServiceAccount>("ServiceAccount"), new Of<V1ConfigMap>("ConfigMap"), new Of<V1Deployment>("Deployment"),
        new Of<V1Service>("Service"), new Of<V1PodDisruptionBudget>("PodDisruptionBudget"), new Of<V1NetworkPolicy>("NetworkPolicy"),
    ];

    /// <summary>The documents of all files, with their kind: those of the base first.</summary>
    public static IReadOnlyList<(string File, string Kind, string Yaml)> Documents { get; } =
    [
        .. from file in Directory.EnumerateFiles(Folder, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
           from document in File.ReadAllText(file).Split("\n---\n")
           select (Path.GetRelativePath(Folder, file), Text(Parse(document), "kind"), document),
    ];

    /// <summary>Everything that the base applies, read strictly: a member that its type does not have is a failure.</summary>
    public static IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Base { get; } =
    [
        .. from document in Documents
           where document.File.StartsWith("base", StringComparison.Ordinal) && document.Kind != "Kustomization"
           select (Array.Find(Kinds, kind => kind.Name == document.Kind) ?? throw new InvalidOperationException($"{document.File} has a {document.Kind}, which no test reads")).Read(document.Yaml),
    ];

    public static IEnumerable<V1Deployment> Deployments => Base.OfType<V1Deployment>();

    public static YamlMappingNode Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    public static string Text(YamlMappingNode node, string name) => node[name].ToString();

    private interface IDeserializer
    {
        string Name { get; }

        IKubernetesObject<V1ObjectMeta> Read(string yaml);
    }

    private sealed record Of<T>(string Name) : IDeserializer
        where T : IKubernetesObject<V1ObjectMeta>
    {
        public IKubernetesObject<V1ObjectMeta> Read(string yaml) => KubernetesYaml.Deserialize<T>(yaml, strict: true);
    }
}
