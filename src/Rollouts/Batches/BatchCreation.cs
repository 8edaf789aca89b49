using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using SandQueue.Rollouts.Requests;
using SandQueue.Rollouts.Settings;
using SandQueue.Storage.Model;
using SandQueue.Storage.Rollouts;

namespace SandQueue.Rollouts.Batches;

/// <summary>Makes a batch of what was asked for: all of it, or nothing and a line that says why.</summary>
public sealed class BatchCreation
{
    /// <summary>Somebody waits for a rollout that was asked for alone, and for the end of a batch rarely.</summary>
    private const int SinglePriority = 100;

    private readonly BatchDirectory _batches;
    private readonly BatchEntry _entries;
    private readonly SecretDirectory _secrets;
    private readonly TaskCatalogue _tasks;
    private readonly LaneRequests _lanes;
    private readonly IKeySealing _keys;
    private readonly RolloutOptions _options;
    private readonly TimeProvider _time;

    internal BatchCreation(
        BatchDirectory batches, BatchEntry entries, SecretDirectory secrets, TaskCatalogue tasks, LaneRequests lanes, IKeySealing keys, IOptions<RolloutOptions> options, TimeProvider time) =>
        (_batches, _entries, _secrets, _tasks, _lanes, _keys, _options, _time) = (batches, entries, secrets, tasks, lanes, keys, options.Value, time);

    /// <param name="tenant">Whose it is.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>The batch, and whether it is new: the same request under the same name gets the batch that there is.</returns>
    /// <exception cref="RequestRefusedException">Something is wrong with it; nothing was stored.</exception>
    public async Task<(Batch Batch, bool IsNew)> CreateAsync(string tenant, BatchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var name = request.BatchId ?? Guid.CreateVersion7().ToString("n");
        var batchId = request.IsSingle ? BatchRequest.HiddenPrefix + name : name;
        if (request.BatchId is not null && await _batches.FindAsync(tenant, batchId, cancellationToken) is { } known) return (Same(known, request), false);

        await _tasks.RequireEnvironmentAsync(request.EnvType, cancellationToken);
        var items = await ItemsAsync(tenant, request, cancellationToken);
        var count = (long)items.Count * request.Repeats;
        if (count > _options.MaxItems) throw new RequestRefusedException($"the batch has {count} rollouts, and may have {_options.MaxItems} (Rollouts:MaxItems)");
        await RequireSecretsAsync(tenant, request, cancellationToken);
        if (!request.IsSingle && _options.MaxOpenBatches > 0 && await _batches.CountOpenAsync(tenant, cancellationToken) >= _options.MaxOpenBatches)
        {
            throw new RequestRefusedException($"this tenant has {_options.MaxOpenBatches} batches that are not closed, and may have no more (Rollouts:MaxOpenBatches)", RefusalKind.OverLimit);
        }

        var batch = BatchOf(tenant, batchId, request, (int)count);
        switch (await _entries.AddAsync(batch, Rollouts(batch, name, request, items), cancellationToken))
        {
            case BatchEntered.NameIsTaken:
                return await _batches.FindAsync(tenant, batchId, cancellationToken) is { } meanwhile ? (Same(meanwhile, request), false) : throw Taken(name);
            case BatchEntered.NameIsEntering:
                throw new RequestRefusedException($"a batch of the name '{name}' is being stored for an earlier request; send this again in a moment, and it gets that one", RefusalKind.Unavailable);
        }

        await _lanes.SendAsync(batch.Id, Math.Min(batch.Items, batch.Concurrency), cancellationToken);
        return (batch, true);
    }

    private static Batch Same(Batch known, BatchRequest request) => known.ContentHash.AsSpan().SequenceEqual(request.Hash)
        ? known
        : throw Taken(request.BatchId!);

    private static RequestRefusedException Taken(string name) => new($"there is a batch or a rollout of the name '{name}' already, and it is another; choose another name", RefusalKind.Conflict);

    private async Task<IReadOnlyList<ItemRequest>> ItemsAsync(string tenant, BatchRequest request, CancellationToken cancellationToken)
    {
        if (request.Items is { } items)
        {
            await _tasks.RequireTasksAsync(tenant, request.EnvType, items.Select(item => item.TaskId), cancellationToken);
            return WithActions(items, request.Policy);
        }

        var tasks = await _tasks.ListAsync(tenant, request.EnvType, request.Split!, cancellationToken);
        if (tasks.Count == 0) throw new RequestRefusedException($"split '{request.Split}' of '{request.EnvType}' has no tasks, so that the batch has no items");
        var sample = request.Sample is { } most ? BatchSample.Take(tasks, most, request.Seed) : tasks;
        return WithActions([.. sample.Select(task => new ItemRequest(task))], request.Policy);
    }

    /// <summary>Recorded actions belong to their tasks: each rollout has its own alone.</summary>
    private static IReadOnlyList<ItemRequest> WithActions(IReadOnlyList<ItemRequest> items, StoredPolicy? policy)
    {
        if (policy?.ActionsByTask is null && items.All(item => item.Actions is null)) return items;
        return [.. items.Select(item => item switch
        {
            { Policy: not null } => item,
            { Actions: { } own } => item with { Policy = Recorded(policy).WithActions(own) },
            _ when policy?.ActionsByTask is { } byTask => byTask.TryGetValue(item.TaskId, out var actions)
                ? item with { Policy = Recorded(policy).WithActions(JsonElementOf(actions)) }
                : throw new RequestRefusedException($"policy.actions has none for task '{item.TaskId}'; nothing was started"),
            _ => item,
        })];
    }

    private static StoredPolicy Recorded(StoredPolicy? policy) => policy switch
    {
        { Type: "recorded" } => policy,
        null => new StoredPolicy { Type = "recorded", Json = [.. """{"type":"recorded"}"""u8] },
        _ => throw new RequestRefusedException($"items have actions, and the policy is '{policy.Type}', which takes none; make it recorded, or leave it out"),
    };

    private static JsonElement JsonElementOf(byte[] json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    private async Task RequireSecretsAsync(string tenant, BatchRequest request, CancellationToken cancellationToken)
    {
        var names = (request.Items ?? []).Select(item => item.Policy?.Secret).Append(request.Policy?.Secret).OfType<string>().Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (await _secrets.FindAsync(tenant, name, cancellationToken) is null) throw new RequestRefusedException($"the policy names secret '{name}', and there is none; put it by PUT /v1/secrets/{name}");
        }
    }

    private Batch BatchOf(string tenant, string batchId, BatchRequest request, int items)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        return new Batch
        {
            Tenant = tenant,
            BatchId = batchId,
            Name = request.Name,
            EnvType = request.EnvType,
            Split = request.Split,
            IsHidden = request.IsSingle,
            Items = items,
            Concurrency = request.Concurrency,
            EndpointConcurrency = request.EndpointConcurrency,
            Priority = request.Priority ?? (request.IsSingle ? SinglePriority : 0),
            Repeats = request.Repeats,
            Policy = request.Policy?.Json ?? [.. """{"type":"recorded"}"""u8],
            SealedKey = request.Policy?.ApiKey is { } key ? _keys.Seal(tenant, IKeySealing.OfBatch(batchId), key) : null,
            NeedsKey = request.Policy?.ApiKey is not null || (request.Items?.Any(item => item.Policy?.ApiKey is not null) ?? false),
            Params = request.Params,
            ContentHash = request.Hash,
            CreatedAt = now,
            DeadlineAt = request.DeadlineS is { } seconds ? now + (long)(seconds * 1000) : null,
        };
    }

    private IEnumerable<Rollout> Rollouts(Batch batch, string name, BatchRequest request, IReadOnlyList<ItemRequest> items)
    {
        var number = 0;
        foreach (var item in items)
        {
            var sealedKey = item.Policy?.ApiKey is { } key ? _keys.Seal(batch.Tenant, IKeySealing.OfBatch(batch.BatchId), key) : null;
            for (var member = 0; member < request.Repeats; member++, number++)
            {
                yield return new Rollout
                {
                    Tenant = batch.Tenant,
                    RolloutId = request.IsSingle ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{number}"),
                    Number = number,
                    TaskId = item.TaskId,
                    Member = member,
                    Params = item.Params,
                    Policy = item.Policy?.Json,
                    SealedKey = sealedKey,
                    Endpoint = (item.Policy ?? request.Policy)?.Endpoint,
                };
            }
        }
    }
}
