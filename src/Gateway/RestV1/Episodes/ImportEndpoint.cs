using Microsoft.AspNetCore.Http.Features;
using SandQueue.Gateway.Http;
using SandQueue.Gateway.RestV1.Answers;
using SandQueue.Gateway.RestV1.Requests;
using SandQueue.Gateway.Security;
using SandQueue.Rollouts.Episodes;

namespace SandQueue.Gateway.RestV1.Episodes;

/// <summary><c>POST /v1/import</c>: stores episodes of our own JSON lines, plain or gzip, as instances of the tenant that have ended.</summary>
internal sealed class ImportEndpoint(EpisodeImport import) : IRestEndpoint
{
    /// <summary>A file is read episode by episode, so that it may be larger than other bodies.</summary>
    private const long LargestFile = 16L << 30;

    private const int MostTold = 1000;

    public RestOperation Operation { get; } = new("importEpisodes", "Imports episodes: the body is a file of the export's format episodes, plain or gzip", typeof(ImportAnswer)) { IsCommand = true };

    public async Task AnswerAsync(HttpContext context)
    {
        _ = new RestQuery(context, Operation);
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = LargestFile;
        var (episodes, stored, told) = (0L, 0L, new List<ImportAnswerLine>());
        try
        {
            await foreach (var episode in import.RunAsync(context.Tenant(), context.Request.Body, context.RequestAborted))
            {
                episodes++;
                if (episode.IsNew) stored++;
                if (told.Count < MostTold) told.Add(new ImportAnswerLine(episode.Line, episode.EpisodeId, episode.InstanceId, episode.IsNew));
            }
        }
        catch (ImportException exception)
        {
            throw new BadRequestException($"{exception.Message}. Nothing of that episode was stored; episodes stored before it: {stored}. Fix the file and send it whole again");
        }

        await RestJson.WriteAsync(context, new ImportAnswer(episodes, stored, told));
    }
}
