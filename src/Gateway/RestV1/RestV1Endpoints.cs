using Microsoft.Extensions.DependencyInjection.Extensions;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Batches;
using SandQueue.Gateway.RestV1.Commands;
using SandQueue.Gateway.RestV1.Document;
using SandQueue.Gateway.RestV1.Episodes;
using SandQueue.Gateway.RestV1.Keys;
using SandQueue.Gateway.RestV1.Reads;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.RestV1.Rollouts;
using SandQueue.Gateway.RestV1.Secrets;
using SandQueue.Gateway.RestV1.Validations;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Episodes;
using SandQueue.Rollouts.Policies;
using SandQueue.Rollouts.Solutions;
using SandQueue.Rollouts.Validation;

namespace SandQueue.Gateway.RestV1;

/// <summary>REST for programs and people, under <c>/v1</c>, and the document that describes it.</summary>
internal static class RestV1Endpoints
{
    private const string Prefix = "/v1";

    private static readonly Type[] Endpoints =
    [
        typeof(EnvironmentsEndpoint), typeof(EnvironmentEndpoint), typeof(TasksEndpoint),
        typeof(CreateInstanceEndpoint), typeof(InstancesEndpoint), typeof(InstanceEndpoint), typeof(ReleaseEndpoint),
        typeof(StepEndpoint), typeof(VectorStepsEndpoint), typeof(EvaluateEndpoint), typeof(EpisodeEndpoint), typeof(FailuresEndpoint),
        typeof(InfoEndpoint), typeof(CommandEndpoint), typeof(ActivityEndpoint), typeof(LatencyEndpoint), typeof(WorkersEndpoint), typeof(ContainersEndpoint), typeof(KeyListEndpoint), typeof(CreateKeyEndpoint), typeof(RevokeKeyEndpoint), typeof(TenantsEndpoint),
        typeof(PlayRolloutEndpoint), typeof(RolloutEndpoint), typeof(TurnsEndpoint), typeof(CancelRolloutEndpoint),
        typeof(CreateBatchEndpoint), typeof(BatchListEndpoint), typeof(BatchEndpoint), typeof(BatchEventsEndpoint), typeof(BatchRolloutsEndpoint), typeof(BatchResultsEndpoint), typeof(BatchReportEndpoint), typeof(BatchComparisonEndpoint),
        typeof(PauseBatchEndpoint), typeof(ResumeBatchEndpoint), typeof(CancelBatchEndpoint), typeof(RetryBatchEndpoint), typeof(TuneBatchEndpoint),
        typeof(PutSecretEndpoint), typeof(SecretListEndpoint), typeof(SecretEndpoint), typeof(RemoveSecretEndpoint),
        typeof(ValidationEndpoint), typeof(ExportEndpoint), typeof(ImportEndpoint),
    ];

    public static void AddRestV1(this IServiceCollection services)
    {
        services.AddSingleton<ProblemForm>().AddSingleton<RestBody>().AddSingleton<VectorDelivery>().AddSingleton<EpisodeFollowing>().AddSingleton<EventStream>();
        services.AddSingleton<LivingByTenant>();
        services.AddSingleton<RolloutWait>().AddSingleton<BatchReading>();
        services.TryAddSingleton<ISolutionSource, RoutedSolutions>();
        services.TryAddSingleton<EnvironmentValidation>();
        services.TryAddSingleton<EpisodeExport>();
        services.TryAddSingleton<EpisodeImport>();
        foreach (var endpoint in Endpoints) services.AddSingleton(endpoint);
        services.AddRestDocument();
    }

    /// <summary>From here on errors under this prefix are problem details, whoever tells them.</summary>
    public static void UseProblemsUnderV1(this IApplicationBuilder app)
    {
        var form = app.ApplicationServices.GetRequiredService<ProblemForm>();
        app.Use(next => context =>
        {
            if (context.Request.Path.StartsWithSegments(Prefix, StringComparison.OrdinalIgnoreCase)) context.Features.Set<ErrorForm>(form);
            return next(context);
        });
    }

    public static void MapRestV1(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup(Prefix);
        Map<EnvironmentsEndpoint>(v1, HttpMethods.Get, "/environments");
        Map<EnvironmentEndpoint>(v1, HttpMethods.Get, "/environments/{env_type}");
        Map<TasksEndpoint>(v1, HttpMethods.Get, "/environments/{env_type}/tasks");
        Map<ValidationEndpoint>(v1, HttpMethods.Post, "/environments/{env_type}/validations");
        Map<CreateInstanceEndpoint>(v1, HttpMethods.Post, "/instances");
        Map<InstancesEndpoint>(v1, HttpMethods.Get, "/instances");
        Map<InstanceEndpoint>(v1, HttpMethods.Get, "/instances/{instance_id}");
        Map<ReleaseEndpoint>(v1, HttpMethods.Delete, "/instances/{instance_id}");
        Map<StepEndpoint>(v1, HttpMethods.Post, "/instances/{instance_id}/steps");
        Map<EvaluateEndpoint>(v1, HttpMethods.Post, "/instances/{instance_id}/evaluations");
        Map<EpisodeEndpoint>(v1, HttpMethods.Get, "/instances/{instance_id}/episode");
        Map<FailuresEndpoint>(v1, HttpMethods.Get, "/instances/{instance_id}/failures");
        Map<InfoEndpoint>(v1, HttpMethods.Get, "/instances/{instance_id}/info");
        Map<VectorStepsEndpoint>(v1, HttpMethods.Post, "/steps");
        Map<CommandEndpoint>(v1, HttpMethods.Get, "/commands/{command_id}");
        Map<ActivityEndpoint>(v1, HttpMethods.Get, "/activity");
        Map<ExportEndpoint>(v1, HttpMethods.Get, "/export");
        Map<ImportEndpoint>(v1, HttpMethods.Post, "/import");
        Map<LatencyEndpoint>(v1, HttpMethods.Get, "/latency", ApiKeyServices.Admin);
        Map<WorkersEndpoint>(v1, HttpMethods.Get, "/workers", ApiKeyServices.Admin);
        Map<ContainersEndpoint>(v1, HttpMethods.Get, "/containers", ApiKeyServices.Admin);
        Map<KeyListEndpoint>(v1, HttpMethods.Get, "/keys", ApiKeyServices.Admin);
        Map<CreateKeyEndpoint>(v1, HttpMethods.Post, "/keys", ApiKeyServices.Admin);
        Map<RevokeKeyEndpoint>(v1, HttpMethods.Delete, "/keys/{key_id}", ApiKeyServices.Admin);
        Map<TenantsEndpoint>(v1, HttpMethods.Get, "/tenants", ApiKeyServices.Admin);
        Map<PlayRolloutEndpoint>(v1, HttpMethods.Post, "/rollouts", ApiKeyServices.Use);
        Map<RolloutEndpoint>(v1, HttpMethods.Get, "/rollouts/{rollout_id}");
        Map<TurnsEndpoint>(v1, HttpMethods.Get, "/rollouts/{rollout_id}/turns");
        Map<CancelRolloutEndpoint>(v1, HttpMethods.Delete, "/rollouts/{rollout_id}", ApiKeyServices.Use);
        MapBatches(v1);
        Map<PutSecretEndpoint>(v1, HttpMethods.Put, "/secrets/{name}", ApiKeyServices.Use);
        Map<SecretListEndpoint>(v1, HttpMethods.Get, "/secrets");
        Map<SecretEndpoint>(v1, HttpMethods.Get, "/secrets/{name}");
        Map<RemoveSecretEndpoint>(v1, HttpMethods.Delete, "/secrets/{name}", ApiKeyServices.Use);
        routes.MapRestDocument();
    }

    private static void MapBatches(RouteGroupBuilder v1)
    {
        Map<CreateBatchEndpoint>(v1, HttpMethods.Post, "/batches", ApiKeyServices.Use);
        Map<BatchListEndpoint>(v1, HttpMethods.Get, "/batches");
        Map<BatchEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}");
        Map<TuneBatchEndpoint>(v1, HttpMethods.Patch, "/batches/{batch_id}", ApiKeyServices.Use);
        Map<BatchEventsEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}/events");
        Map<BatchRolloutsEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}/rollouts");
        Map<BatchResultsEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}/results");
        Map<BatchReportEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}/report");
        Map<BatchComparisonEndpoint>(v1, HttpMethods.Get, "/batches/{batch_id}/compare/{other_id}");
        Map<PauseBatchEndpoint>(v1, HttpMethods.Post, "/batches/{batch_id}/pause", ApiKeyServices.Use);
        Map<ResumeBatchEndpoint>(v1, HttpMethods.Post, "/batches/{batch_id}/resume", ApiKeyServices.Use);
        Map<CancelBatchEndpoint>(v1, HttpMethods.Post, "/batches/{batch_id}/cancel", ApiKeyServices.Use);
        Map<RetryBatchEndpoint>(v1, HttpMethods.Post, "/batches/{batch_id}/retry", ApiKeyServices.Use);
    }

    /// <summary>Keys of any scope may read; what is a command needs more.</summary>
    private static void Map<T>(IEndpointRouteBuilder routes, string method, string path, string policy = ApiKeyServices.Read)
        where T : IRestEndpoint
    {
        var (endpoint, errors) = (routes.ServiceProvider.GetRequiredService<T>(), routes.ServiceProvider.GetRequiredService<RequestErrors>());
        Task AnswerAsync(HttpContext context) => errors.AnswerAsync(context, endpoint.AnswerAsync);

        // The document shows what is mapped as a handler, and leaves plain delegates out.
        var route = routes.MapMethods(path, [method], (Delegate)AnswerAsync)
            .WithName(endpoint.Operation.Id)
            .WithSummary(endpoint.Operation.Summary)
            .WithTags(path.Split('/')[1])
            .WithMetadata(endpoint.Operation)
            .Produces(endpoint.Operation.Status, endpoint.Operation.Answer, endpoint.Operation.ContentType);
        if (!endpoint.Operation.IsCommand) route.RequireAuthorization(policy);
    }
}
