using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Removes configurations by their IDs, in any namespace.</summary>
internal sealed class V1Batch(ConfigOperations operations, IFaultStyle style)
{
    public IEnumerable<Route> Routes() => [new("DELETE", V1Configs.Path, style, RemoveAsync) { When = "delType=ids", Access = Access.Write }];

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        await operations.RemoveAsync(Ids.Parse(call.Required("ids")), call).ConfigureAwait(false);
        return V1Answer.Result(call, operations.Generation, 200, null, json => json.WriteBooleanValue(true));
    }
}
