// A number that goes into the tensor library as a Scalar must be held until the call is over: its finalizer frees what
// the native code reads, and TorchSharp (0.107) does not keep it alive. So no call may make one that nobody holds,
// neither ours nor TorchSharp's own.
using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TorchSharp;

namespace AgentArena.Models.Tests;

public class ScalarTests
{
    [Fact]
    public void No_operation_is_given_a_number_that_the_collector_could_take_meanwhile()
    {
        using var library = new Calls(typeof(torch).Assembly.Location);
        // Whatever makes a Scalar of a number, and everything in TorchSharp that calls it.
        var careless = library.Callers(
            library.Callers([], name =>
                name.StartsWith("TorchSharp.Scalar.op_Implicit", StringComparison.Ordinal)
                || name.StartsWith("TorchSharp.ScalarExtensionMethods.To", StringComparison.Ordinal)
            ),
            _ => false
        );
        careless.ShouldContain(
            "TorchSharp.torch.Tensor.op_Addition(Tensor,Tensor)",
            "the fault this guards against is gone from TorchSharp: so may this test be, and Held"
        );
        using var room = new Calls(typeof(TransformerModel).Assembly.Location);
        room.Made.Where(c =>
                !c.By.StartsWith("AgentArena.Models.Networks.Held.", StringComparison.Ordinal)
                && careless.Contains(c.Called)
            )
            .Select(c => $"{c.By} calls {c.Called}")
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ShouldBeEmpty("use Held");
    }

    // Who calls whom in an assembly, by names with the parameters' types.
    private sealed class Calls : IDisposable
    {
        private static readonly Dictionary<int, OperandType> Operands = typeof(OpCodes)
            .GetFields()
            .Select(f => (OpCode)f.GetValue(null)!)
            .ToDictionary(o => (int)(ushort)o.Value, o => o.OperandType);

        private readonly PEReader _file;
        private readonly MetadataReader _names;

        public Calls(string path)
        {
            _file = new PEReader(File.OpenRead(path));
            _names = _file.GetMetadataReader();
            Made = [.. _names.MethodDefinitions.SelectMany(Of)];
        }

        public ImmutableArray<(string By, string Called)> Made { get; }

        public HashSet<string> Callers(HashSet<string> of, Func<string, bool> first)
        {
            var all = new HashSet<string>(of);
            all.UnionWith(Made.Select(c => c.Called).Where(first));
            for (var added = 1; added > 0; )
                added = Made.Count(c => all.Contains(c.Called) && all.Add(c.By));
            return all;
        }

        private IEnumerable<(string, string)> Of(MethodDefinitionHandle handle)
        {
            var method = _names.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0)
                yield break;
            var (by, code) = (Name(handle), _file.GetMethodBody(method.RelativeVirtualAddress).GetILReader());
            while (code.RemainingBytes > 0)
            {
                int op = code.ReadByte();
                if (op == 0xfe)
                    op = op << 8 | code.ReadByte();
                switch (Operands[op])
                {
                    case OperandType.InlineMethod:
                        yield return (by, Name(MetadataTokens.EntityHandle(code.ReadInt32())));
                        break;
                    case OperandType.InlineNone:
                        break;
                    case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                        code.ReadByte();
                        break;
                    case OperandType.InlineVar:
                        code.ReadInt16();
                        break;
                    case OperandType.InlineI8 or OperandType.InlineR:
                        code.ReadInt64();
                        break;
                    case OperandType.InlineSwitch:
                        var ways = code.ReadInt32();
                        code.Offset += 4 * ways;
                        break;
                    default:
                        code.ReadInt32();
                        break;
                }
            }
        }

        private string Name(EntityHandle handle)
        {
            var provider = new TypeNames();
            switch (handle.Kind)
            {
                case HandleKind.MethodSpecification:
                    return Name(_names.GetMethodSpecification((MethodSpecificationHandle)handle).Method);
                case HandleKind.MethodDefinition:
                    var defined = _names.GetMethodDefinition((MethodDefinitionHandle)handle);
                    return $"{provider.GetTypeFromDefinition(_names, defined.GetDeclaringType(), 0)}.{_names.GetString(defined.Name)}({Parameters(defined.DecodeSignature(provider, null))})";
                case HandleKind.MemberReference:
                    var member = _names.GetMemberReference((MemberReferenceHandle)handle);
                    var type = member.Parent.Kind switch
                    {
                        HandleKind.TypeReference => provider.GetTypeFromReference(
                            _names,
                            (TypeReferenceHandle)member.Parent,
                            0
                        ),
                        HandleKind.TypeDefinition => provider.GetTypeFromDefinition(
                            _names,
                            (TypeDefinitionHandle)member.Parent,
                            0
                        ),
                        _ => "",
                    };
                    return member.GetKind() == MemberReferenceKind.Field
                        ? ""
                        : $"{type}.{_names.GetString(member.Name)}({Parameters(member.DecodeMethodSignature(provider, null))})";
                default:
                    return "";
            }
        }

        private static string Parameters(MethodSignature<string> signature) =>
            string.Join(',', signature.ParameterTypes.Select(t => t[(t.LastIndexOf('.') + 1)..]));

        public void Dispose() => _file.Dispose();
    }

    private sealed class TypeNames : ISignatureTypeProvider<string, object?>
    {
        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte raw)
        {
            var type = reader.GetTypeDefinition(handle);
            var outer = type.GetDeclaringType();
            return outer.IsNil
                ? Full(reader, type.Namespace, type.Name)
                : $"{GetTypeFromDefinition(reader, outer, 0)}.{reader.GetString(type.Name)}";
        }

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte raw)
        {
            var type = reader.GetTypeReference(handle);
            return type.ResolutionScope.Kind == HandleKind.TypeReference
                ? $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{reader.GetString(type.Name)}"
                : Full(reader, type.Namespace, type.Name);
        }

        private static string Full(MetadataReader reader, StringHandle space, StringHandle name) =>
            space.IsNil ? reader.GetString(name) : $"{reader.GetString(space)}.{reader.GetString(name)}";

        public string GetTypeFromSpecification(
            MetadataReader reader,
            object? context,
            TypeSpecificationHandle handle,
            byte raw
        ) => "";

        public string GetSZArrayType(string element) => $"{element}[]";

        public string GetArrayType(string element, ArrayShape shape) => $"{element}[,]";

        public string GetByReferenceType(string element) => $"{element}&";

        public string GetPointerType(string element) => $"{element}*";

        public string GetPinnedType(string element) => element;

        public string GetGenericInstantiation(string type, ImmutableArray<string> arguments) =>
            $"{type}<{string.Join(' ', arguments)}>";

        public string GetGenericMethodParameter(object? context, int index) => $"!!{index}";

        public string GetGenericTypeParameter(object? context, int index) => $"!{index}";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

        public string GetModifiedType(string modifier, string type, bool required) => type;

        public string GetPrimitiveType(PrimitiveTypeCode type) => type.ToString();
    }
}
