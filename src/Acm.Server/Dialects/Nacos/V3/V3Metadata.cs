using Acm.Server.Http;
using Acm.Server.Storage;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Changes the description and tags without the content; from Nacos 3.1.1 on.</summary>
internal sealed class V3Metadata(ConfigOperations operations, V3Style style)
{
    public IEnumerable<Route> Routes() =>
        operations.Generation < Generation.ThreeTwo ? [] : [new("PUT", V3Configs.Path + "/metadata", style, UpdateAsync) { Access = Access.Write }];

    private async Task<Answer> UpdateAsync(NacosCall call)
    {
        ConfigKey key = V3Call.Key(call);
        bool isThere = await operations.UpdateMetadataAsync(key, call["desc"], call["configTags"], call).ConfigureAwait(false);
        return isThere ? Envelope.True : throw V3Configs.NotFound();
    }
}
