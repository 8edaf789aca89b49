using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>A client that NSwag makes from the OpenAPI document plays the tutorial, without a line of ours in it.</summary>
public sealed class GeneratedClientTests(SharedProgram shared)
{
    private const string Tutorial = """
        #nullable disable
        using System.Collections.Generic;
        using System.Linq;
        using System.Net.Http;
        using System.Threading.Tasks;
        using Generated;

        public static class Tutorial
        {
            public static async Task<List<string>> PlayAsync(HttpClient http)
            {
                var (client, told) = (new RestClient(http), new List<string>());
                var tasks = await client.ListTasksAsync("frozenlake", "val", null, null, 1, null);
                var created = await client.CreateInstanceAsync(null, null, new CreateRequest { Env_type = "frozenlake", Task_id = tasks.Tasks.Single() });
                var id = created.Instance_id;
                told.Add(string.Join(" ", created.Answer.State.Select(message => message.Role)));
                foreach (var move in new[] { "down", "right", "right", "right", "down" })
                {
                    var step = await client.StepAsync(id, null, null, new StepRequest { Action = new Action { Role = "assistant", Content = $"<action>{move}</action>" } });
                    told.Add($"{step.Answer.Reward} {step.Answer.Is_terminated}");
                }

                var steps = await client.StepManyAsync(null, id + "-last", new StepsRequest { Steps = { new Steps { Instance_id = id, Step = 6, Action = new Action2 { Role = "assistant", Content = "<action>down</action>" } } } });
                told.Add($"{steps.Results.Single().Answer.Reward} {steps.Results.Single().Answer.Is_terminated}");
                told.Add((await client.GetCommandAsync(id + "-last.0", 5)).End);
                told.Add((await client.EvaluateAsync(id, null, null, new EvaluateRequest { Params = new Dictionary<string, object> { ["sparse"] = true } })).Answer.ToString());
                told.Add(string.Join(" ", (await client.GetEpisodeAsync(id, null, null)).Entries.Select(entry => entry.Kind)));
                told.Add((await client.ReleaseInstanceAsync(id, null, null)).Answer.ToString());
                try
                {
                    await client.ReleaseInstanceAsync(id, null, null);
                }
                catch (ApiException<Problem> problem)
                {
                    told.Add($"{problem.StatusCode} {problem.Result.Code}");
                }

                return told;
            }
        }
        """;

    [Fact]
    public async Task It_plays_the_tutorial()
    {
        var document = await OpenApiDocument.FromJsonAsync((await shared.Caller.GetAsync("/openapi/v1.json")).Body, TestContext.Current.CancellationToken);
        var settings = new CSharpClientGeneratorSettings
        {
            ClassName = "RestClient",
            UseBaseUrl = false,
            CSharpGeneratorSettings = { Namespace = "Generated", JsonLibrary = CSharpJsonLibrary.SystemTextJson },
        };
        var assembly = Compile(new CSharpClientGenerator(document, settings).GenerateFile(), Tutorial);
        using var http = new HttpClient { BaseAddress = shared.Caller.Address };

        var told = await (Task<List<string>>)assembly.GetType("Tutorial")!.GetMethod("PlayAsync")!.Invoke(null, [http])!;

        told.ShouldBe(["system user", "0 False", "0 False", "0 False", "0 False", "0 False", "1 True", "completed", "1.0", "create step step step step step step evaluate", "True", "404 released"]);
    }

    private static Assembly Compile(params string[] sources)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            "GeneratedClient", sources.Select(source => CSharpSyntaxTree.ParseText(source)), references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var library = new MemoryStream();
        var emitted = compilation.Emit(library);
        emitted.Success.ShouldBeTrue(string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
        library.Position = 0;
        return new AssemblyLoadContext("generated").LoadFromStream(library);
    }
}
