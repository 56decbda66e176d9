package source
import ("testing";"fmt";"strings";"github.com/grantinvoke/grantinvoke/macro/internal/template";"github.com/go-json-experiment/json/jsontext")
func BenchmarkBig(t *testing.B){
 var b strings.Builder
 b.WriteString("Resources:\n")
 for i:=range 5000 { fmt.Fprintf(&b,"  R%d:\n    Type: AWS::ApiGateway::Method\n    Properties:\n      HttpMethod: GET\n      Integration:\n        Uri: !Sub 'arn:${AWS::Partition}:x'\n        Credentials: !GetAtt R.Arn\n      L:\n        - a\n        - !Ref B\n",i)}
 f,err:=Read("x",[]byte(b.String())); if err!=nil{t.Fatal(err)}
 var es []template.Edit
 for i:=range 500 { es=append(es,template.Edit{Op:template.Add,At:jsontext.Pointer(fmt.Sprintf("/Resources/Z%d",i)),Value:[]byte(`{"Type":"AWS::Lambda::Permission","Properties":{"FunctionName":{"Fn::GetAtt":["F","Arn"]}}}`)},
  template.Edit{Op:template.Replace,At:jsontext.Pointer(fmt.Sprintf("/Resources/R%d/Properties/Integration/Credentials",i*7)),Value:[]byte(`{"Fn::GetAtt":["F","Arn"]}`)})}
 t.ResetTimer()
 for range t.N { f.Apply(es) }
}
