using System.Globalization;
using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V1;

/// <summary>Removing many by their ids, in whatever namespace they are.</summary>
internal sealed class V1Batch(ConfigOperations operations, IFaultStyle style)
{
    public IEnumerable<Route> Routes() => [new("DELETE", V1Configs.Path, style, RemoveAsync) { When = "delType=ids", Access = Access.Write }];

    /// <summary>Ids as text, joined by commas; blank is none.</summary>
    /// <exception cref="FaultException">One is no number.</exception>
    public static long[] Ids(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Id)];

    private static long Id(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long id)
            ? id
            : throw new FaultException(Fault.WrongType, $"Failed to convert value of type 'java.lang.String' to required type 'java.util.List'; For input string: \"{text}\"");

    private async Task<Answer> RemoveAsync(NacosCall call)
    {
        await operations.RemoveAsync(Ids(call.Required("ids")), call).ConfigureAwait(false);
        return V1Answer.Result(call, operations.Generation, 200, null, json => json.WriteBooleanValue(true));
    }
}
