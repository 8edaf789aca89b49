using System.Net;
using System.Text;
using System.Text.Json;
using NJsonSchema;
using NSwag;
using SandQueue.Programs;

namespace SandQueue.EndToEnd.RestV1;

/// <summary>The OpenAPI document against the real program: its examples work when they are sent, and what comes back is as it says.</summary>
public sealed class DocumentTests
{
    /// <summary>Every operation, in an order in which the examples follow from each other.</summary>
    private static readonly string[] Order =
    [
        "listEnvironments", "getEnvironment", "listTasks", "createInstance", "getInstance", "step", "stepMany", "getCommand", "evaluate", "getInfo", "getEpisode", "listFailures", "listInstances", "listWorkers", "listContainers", "getActivity", "getLatency",
        "createKey", "listKeys", "listTenants", "revokeKey", "releaseInstance",
        "putSecret", "listSecrets", "getSecret", "removeSecret", "playRollout", "getRollout", "getRolloutTurns", "cancelRollout",
        "createBatch", "listBatches", "getBatch", "followBatch", "listBatchRollouts", "getBatchResults", "pauseBatch", "tuneBatch", "resumeBatch", "retryBatch", "cancelBatch", "getBatchReport", "compareBatches",
        "validate", "exportEpisodes", "importEpisodes",
    ];

    [Fact]
    public async Task Every_operation_has_an_example_that_works_and_answers_in_the_form_that_is_described()
    {
        // A key that is issued would else close the gateway to who has none.
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake").With("SANDQUEUE_API_KEYS", "one=key-one").With("SANDQUEUE_ADMIN_KEYS", "adm=key-admin"));
        using var caller = program.CallerWithKey("key-admin");
        var document = await OpenApiDocument.FromJsonAsync((await caller.GetAsync("/openapi/v1.json")).Body, TestContext.Current.CancellationToken);
        var issued = "";
        var operations = document.Operations.ToDictionary(operation => operation.Operation.OperationId);
        operations.Keys.ShouldBe(Order, ignoreOrder: true);

        foreach (var id in Order)
        {
            var operation = operations[id];
            var answer = await caller.SendAsync(Example(operation, issued));
            if (id == "createKey") issued = answer.Json.GetProperty("id").GetString()!;
            var status = operation.Operation.Responses.Keys.First(key => key != "default");
            $"{(int)answer.Status}".ShouldBe(status, $"{id}: {answer.Body}");
            var (type, content) = operation.Operation.Responses[status].Content.ShouldHaveSingleItem();
            foreach (var json in type == "application/jsonl" ? answer.Body.TrimEnd('\n').Split('\n') : [answer.Body])
            {
                Errors(content.Schema, json).ShouldBeEmpty($"{id}: {json}");
            }
        }
    }

    [Fact]
    public async Task A_problem_is_in_the_form_that_is_described()
    {
        await using var program = await RunningProgram.StartAsync(ProgramSettings.Serving("frozenlake"));
        var document = await OpenApiDocument.FromJsonAsync((await program.Caller.GetAsync("/openapi/v1.json")).Body, TestContext.Current.CancellationToken);
        var schema = document.Operations.First().Operation.Responses["default"].Content["application/problem+json"].Schema;

        var problem = await program.Caller.GetAsync("/v1/instances/ghost");

        problem.ProblemOf(HttpStatusCode.NotFound, "unknown_instance");
        Errors(schema, problem.Body).ShouldBeEmpty();
        Errors(schema, """{"type":"about:blank"}""").ShouldNotBeEmpty("a schema that takes everything shows nothing");
    }

    /// <summary>What an answer has that its description does not, and the other way round.</summary>
    private static List<string> Errors(JsonSchema schema, string body)
    {
        var errors = schema.Validate(body).Select(error => error.ToString()).ToList();
        var known = schema.ActualSchema.ActualProperties.Keys;
        if (known.Any()) errors.AddRange(JsonElement.Parse(body).EnumerateObject().Select(member => member.Name).Except(known).Select(name => $"{name} is not described"));
        return errors;
    }

    /// <param name="described">An operation.</param>
    /// <param name="issued">The id of the key that was issued: nobody knows it before.</param>
    private static HttpRequestMessage Example(OpenApiOperationDescription described, string issued)
    {
        var (path, query) = (described.Path, new List<string>());
        foreach (var parameter in described.Operation.ActualParameters.Where(parameter => parameter is { Kind: OpenApiParameterKind.Path or OpenApiParameterKind.Query, Example: not null }))
        {
            var value = Uri.EscapeDataString(parameter.Name == "key_id" ? issued : parameter.Example!.ToString()!);
            if (parameter.Kind == OpenApiParameterKind.Path) path = path.Replace($"{{{parameter.Name}}}", value, StringComparison.Ordinal);
            else query.Add($"{parameter.Name}={value}");
        }

        var request = new HttpRequestMessage(new HttpMethod(described.Method), query.Count == 0 ? path : $"{path}?{string.Join('&', query)}");
        if (described.Operation.RequestBody is { } body) request.Content = new StringContent(body.Content["application/json"].Example!.ToString()!, Encoding.UTF8, "application/json");
        return request;
    }
}
