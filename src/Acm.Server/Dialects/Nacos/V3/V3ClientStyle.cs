using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos.V3;

/// <summary>Writes errors as plain text, unlike the other v3 calls.</summary>
internal sealed class V3ClientStyle : IFaultStyle
{
    private readonly V3Style _others = new();

    public Answer Answer(NacosCall call, FaultException fault)
    {
        if (fault.Fault is not (Fault.MissingParameter or Fault.BadValue or Fault.BadTag)) return _others.Answer(call, fault);

        string text = fault.Fault == Fault.MissingParameter ? $"Required parameter '{fault.Message}' type String is not present" : fault.Message;
        return Http.Answer.Text(400, $"caused: {text};", Pages.WantsHtml(call) ? "text/html;charset=UTF-8" : "text/plain;charset=UTF-8");
    }
}
