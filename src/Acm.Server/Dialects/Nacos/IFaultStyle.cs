using Acm.Server.Http;

namespace Acm.Server.Dialects.Nacos;

/// <summary>How a family of calls says why it refuses.</summary>
internal interface IFaultStyle
{
    Answer Answer(NacosCall call, FaultException fault);
}
